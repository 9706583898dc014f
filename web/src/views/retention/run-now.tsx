import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { RetentionRun } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';

/** Runs the rules at once, after a second look, and says what they did and what stopped them. */
export function RunNow() {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const run = useMutation({
    mutationFn: api.runRetention,
    onSettled: () => queries.invalidateQueries({ queryKey: ['retention'] }),
  });
  const close = (): void => {
    setIsOpen(false);
    run.reset();
  };
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setIsOpen(true)} data-testid="run-now">
        {t('retention.runNow')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={<strong>{t('retention.runNow')}</strong>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Stack>
          {run.data === undefined ? t('retention.runAsk') : <Outcome ran={run.data.data} stopped={run.data.stopped} />}
          {run.error !== null && (
            <Alert color="red" role="alert">
              {errorText(run.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {run.data === undefined ? t('settings.cancel') : t('common.close')}
            </Button>
            {run.data === undefined && (
              <Button loading={run.isPending} onClick={() => run.mutate()} data-testid="run-confirm">
                {t('retention.runConfirm')}
              </Button>
            )}
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

interface OutcomeProps {
  readonly ran: readonly RetentionRun[];
  readonly stopped: readonly {
    readonly category: RetentionRun['category'];
    readonly why: 'hold_unreadable' | 'failed';
  }[];
}

function Outcome({ ran, stopped }: OutcomeProps) {
  const { t } = useTranslation();
  return (
    <div data-testid="run-outcome" data-ran={ran.length} data-stopped={stopped.length}>
      {ran.length === 0 && stopped.length === 0 && t('retention.ranNothing')}
      {ran.length > 0 && t('retention.ranNow', { count: ran.length })}
      {stopped.map(({ category, why }) => (
        <Alert key={category} color="red" mt="sm">
          {t('retention.stopped', { what: `${t(`category.${category}`)}, ${t(`retention.why.${why}`)}` })}
        </Alert>
      ))}
    </div>
  );
}
