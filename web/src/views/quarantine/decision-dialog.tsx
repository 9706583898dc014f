import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import type { QuarantineView } from '@tagtrail/shared/api/quarantine.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  /** Null while something is missing. */
  readonly decide: (() => Promise<QuarantineView>) | null;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The frame of a decision: it closes when the server has taken it, and says why where it has not. */
export function DecisionDialog({ title, text, confirm, decide, onClose, children }: DialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: (decision: () => Promise<QuarantineView>) => decision(),
    onSuccess: async () => {
      for (const key of ['quarantine', 'overview', 'assets']) await queries.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="decision-dialog">
        <span>{text}</span>
        {children}
        {send.error !== null && (
          <Alert color="red" role="alert">
            {errorText(send.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          <Button
            disabled={decide === null}
            loading={send.isPending}
            onClick={() => decide !== null && send.mutate(decide)}
            data-testid="decision-confirm"
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
