import { Checkbox, Group, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { keepReason, type RetentionRule, setRetentionRule } from '@tagtrail/shared/api/retention.js';
import type { RuleProblem } from '@tagtrail/shared/retention/rule-checks.js';
import { useTranslation } from 'react-i18next';
import type { RuleDraft } from '../../data/api.js';

/** A rule while somebody types it. */
export interface Fields {
  readonly days: number | null;
  readonly forever: boolean;
  readonly action: RuleDraft['action'];
  readonly source: RuleDraft['source'];
  readonly reason: RuleDraft['reason'];
  /** YYYY-MM-DD, or empty. */
  readonly reviewOn: string;
}

export function fieldsOf(rule: RetentionRule): Fields {
  return {
    days: rule.keep_days ?? 365,
    forever: rule.keep_days === null,
    action: rule.action,
    source: rule.source === 'default' ? 'instruction' : rule.source,
    reason: rule.reason,
    reviewOn: rule.review_on ?? '',
  };
}

export function draftOf(fields: Fields): Omit<RuleDraft, 'site'> {
  return {
    keep_days: fields.forever ? null : fields.days,
    action: fields.action,
    source: fields.source,
    reason: fields.reason,
    review_on: fields.reviewOn === '' ? null : fields.reviewOn,
  };
}

export function isComplete({ forever, days }: Fields): boolean {
  return forever || (days !== null && Number.isInteger(days) && days >= 1 && days <= 36_500);
}

interface FieldsProps {
  readonly fields: Fields;
  readonly problem: RuleProblem | null;
  readonly change: (next: Partial<Fields>) => void;
}

export function RuleFields({ fields, problem, change }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Checkbox
        label={t('settings.keepForever')}
        checked={fields.forever}
        onChange={(event) => change({ forever: event.currentTarget.checked })}
      />
      {!fields.forever && (
        <>
          <NumberInput
            label={t('settings.keepDays')}
            min={1}
            max={36_500}
            allowDecimal={false}
            value={fields.days ?? ''}
            error={isComplete(fields) ? undefined : t('settings.daysInvalid')}
            onChange={(value) => change({ days: typeof value === 'number' ? value : null })}
          />
          <SegmentedControl
            aria-label={t('settings.afterwards')}
            value={fields.action}
            onChange={(value) => change({ action: value as Fields['action'] })}
            data={[
              { value: 'delete', label: t('settings.delete') },
              { value: 'pseudonymise', label: t('settings.pseudonymise') },
            ]}
          />
        </>
      )}
      <Grounds fields={fields} problem={problem} change={change} />
    </>
  );
}

const sources = setRetentionRule.shape.source.unwrap().options;

/** On what the rule rests, and why it is longer than usual. */
function Grounds({ fields, problem, change }: FieldsProps) {
  const { t } = useTranslation();
  const lacksReason = problem === 'reason_missing' || problem === 'security_reason_missing';
  const lacksReview = problem === 'review_missing' || problem === 'review_past';
  return (
    <>
      <Select
        label={t('retention.source')}
        allowDeselect={false}
        data={sources.map((value) => ({ value, label: t(`retention.sources.${value}`) }))}
        value={fields.source}
        onChange={(value) => change({ source: value as Fields['source'] })}
      />
      <Group grow align="start">
        <Select
          label={t('retention.reason')}
          placeholder={t('retention.noReason')}
          clearable
          data={keepReason.options.map((value) => ({ value, label: t(`retention.reasons.${value}`) }))}
          value={fields.reason}
          error={lacksReason ? t('retention.needsReason') : undefined}
          onChange={(value) => change({ reason: value as Fields['reason'] })}
          data-testid="rule-reason"
        />
        <TextInput
          type="date"
          label={t('retention.reviewOn')}
          value={fields.reviewOn}
          error={lacksReview ? t('retention.needsReview') : undefined}
          onChange={(event) => change({ reviewOn: event.currentTarget.value })}
          data-testid="rule-review"
        />
      </Group>
    </>
  );
}
