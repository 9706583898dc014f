import { Alert, Button, Checkbox, Group, Modal, NumberInput, SegmentedControl, Stack } from '@mantine/core';
import type { RetentionRule, rehearsal } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useApi } from '../app/services.js';
import type { RuleDraft } from '../data/api.js';
import { dayText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';

/** Changes one rule. Saving is offered only after its effect has been counted. */
export function RetentionDialog({ rule, onClose }: { rule: RetentionRule; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const [days, setDays] = useState<number | null>(rule.keep_days ?? 365);
  const [forever, setForever] = useState(rule.keep_days === null);
  const [action, setAction] = useState<RuleDraft['action']>(rule.action);
  const draft: RuleDraft = { keep_days: forever ? null : days, action };
  const valid = forever || (days !== null && Number.isInteger(days) && days >= 1 && days <= 36_500);

  const rehearse = useMutation({ mutationFn: () => api.rehearse(rule.category, draft) });
  const save = useMutation({
    mutationFn: () => api.setRetentionRule(rule.category, draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['retention'] });
      onClose();
    },
  });
  const failure = rehearse.error ?? save.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t('settings.editOf', { category: t(`category.${rule.category}`) })}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="retention-dialog">
        <RuleFields
          draft={{ days, forever, action, valid }}
          change={(next) => {
            if (next.days !== undefined) setDays(next.days);
            if (next.forever !== undefined) setForever(next.forever);
            if (next.action !== undefined) setAction(next.action);
            rehearse.reset();
            save.reset();
          }}
        />
        {failure !== null && (
          <Alert color="red" role="alert">
            {errorText(failure)}
          </Alert>
        )}
        {rehearse.data === undefined ? (
          <span className="tt-soft">{t('settings.rehearseFirst')}</span>
        ) : (
          <RehearsalResult result={rehearse.data} />
        )}
        <Group justify="flex-end">
          <CancelButton onClick={onClose} />
          {rehearse.data === undefined ? (
            <Button
              disabled={!valid}
              loading={rehearse.isPending}
              onClick={() => rehearse.mutate()}
              data-testid="rehearse"
            >
              {t('settings.rehearse')}
            </Button>
          ) : (
            <Button loading={save.isPending} onClick={() => save.mutate()} data-testid="save-rule">
              {t('settings.save')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

interface Fields {
  readonly days: number | null;
  readonly forever: boolean;
  readonly action: RuleDraft['action'];
}

function RuleFields(props: { draft: Fields & { valid: boolean }; change: (next: Partial<Fields>) => void }) {
  const { t } = useTranslation();
  const { days, forever, action, valid } = props.draft;
  const { change } = props;
  return (
    <>
      <Checkbox
        label={t('settings.keepForever')}
        checked={forever}
        onChange={(event) => change({ forever: event.currentTarget.checked })}
      />
      {!forever && (
        <>
          <NumberInput
            label={t('settings.keepDays')}
            min={1}
            max={36_500}
            allowDecimal={false}
            value={days ?? ''}
            error={valid ? undefined : t('settings.daysInvalid')}
            onChange={(value) => change({ days: typeof value === 'number' ? value : null })}
          />
          <SegmentedControl
            aria-label={t('settings.afterwards')}
            value={action}
            onChange={(value) => change({ action: value as RuleDraft['action'] })}
            data={[
              { value: 'delete', label: t('settings.delete') },
              { value: 'pseudonymise', label: t('settings.pseudonymise') },
            ]}
          />
        </>
      )}
    </>
  );
}

function RehearsalResult({ result }: { result: z.infer<typeof rehearsal> }) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  const word = result.action === 'delete' ? 'settings.rehearsalDelete' : 'settings.rehearsalPseudonymise';
  const span =
    result.oldest === null || result.newest === null
      ? ''
      : t('settings.rehearsalSpan', {
          oldest: dayText(result.oldest, language),
          newest: dayText(result.newest, language),
        });
  return (
    <Alert title={t('settings.rehearsal')} data-testid="rehearsal" data-entries={result.entries} color="accent">
      {result.entries === 0 ? t('settings.rehearsalNone') : `${t(word, { count: result.entries })} ${span}`}
    </Alert>
  );
}

function CancelButton({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button variant="default" onClick={onClick}>
      {t('settings.cancel')}
    </Button>
  );
}
