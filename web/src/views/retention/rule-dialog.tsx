import { Alert, Button, Group, Modal, Select, Stack } from '@mantine/core';
import type { Rehearsal, RetentionRule } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { dataCategory } from '@tagtrail/shared/events/trace-event.js';
import { needsSecondPerson, ruleProblem, ruleWarnings } from '@tagtrail/shared/retention/rule-checks.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useNow } from '../../app/services.js';
import type { RuleDraft } from '../../data/api.js';
import { RehearsalResult } from './rehearsal-result.js';
import { draftOf, type Fields, fieldsOf, isComplete, RuleFields } from './rule-fields.js';
import type { Sites } from './use-sites.js';

interface DialogProps {
  readonly rule: RetentionRule;
  /** False where the rule is one for a site that is still to be chosen. */
  readonly siteIsChosen: boolean;
  readonly rules: readonly RetentionRule[];
  readonly sites: Sites;
  readonly onClose: () => void;
}

/** Changes one rule. Saving is offered only after its effect has been counted. */
export function RuleDialog({ rule, siteIsChosen, rules, sites, onClose }: DialogProps) {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [category, setCategory] = useState(rule.category);
  const [site, setSite] = useState(rule.site);
  const [fields, setFields] = useState<Fields>(fieldsOf(rule));
  const draft: RuleDraft = { ...draftOf(fields), site };

  const rehearse = useMutation({ mutationFn: () => api.rehearse(category, draft) });
  const save = useMutation({
    mutationFn: () => api.setRetentionRule(category, draft),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['retention'] });
      onClose();
    },
  });
  const reset = (): void => {
    rehearse.reset();
    save.reset();
  };
  const problem = ruleProblem({ ...draft, category }, today);
  const ready = isComplete(fields) && problem === null && (siteIsChosen || site !== null);
  const present = presentRule(rules, category, site);
  const failure = rehearse.error ?? save.error;
  const of = t(`category.${category}`) + (siteIsChosen && site !== null ? `, ${sites.name(site)}` : '');
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={<strong>{siteIsChosen ? t('settings.editOf', { category: of }) : t('retention.siteRuleTitle')}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="retention-dialog">
        {!siteIsChosen && (
          <Group grow>
            <Select
              label={t('retention.site')}
              data={sites.list.map(({ id, name }) => ({ value: id, label: name }))}
              value={site}
              onChange={(value) => {
                setSite(value);
                reset();
              }}
              data-testid="rule-site"
            />
            <Select
              label={t('settings.category')}
              allowDeselect={false}
              data={dataCategory.options.map((value) => ({ value, label: t(`category.${value}`) }))}
              value={category}
              onChange={(value) => {
                setCategory(dataCategory.parse(value));
                reset();
              }}
            />
          </Group>
        )}
        <RuleFields
          fields={fields}
          problem={problem}
          change={(next) => {
            setFields({ ...fields, ...next });
            reset();
          }}
        />
        {ruleWarnings({ ...draft, category }, today).map((warning) => (
          <Alert key={warning} color="yellow" data-warning={warning}>
            {t(`retention.warnings.${warning}`)}
          </Alert>
        ))}
        {failure !== null && (
          <Alert color="red" role="alert">
            {errorText(failure)}
          </Alert>
        )}
        <Effect result={rehearse.data} second={present !== undefined && needsSecondPerson(present, draft)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          {rehearse.data === undefined ? (
            <Button
              disabled={!ready}
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

/** The rule that holds now where the new one would: that of the site, or else the one for all. */
function presentRule(rules: readonly RetentionRule[], category: string, site: string | null) {
  const own = rules.filter((rule) => rule.category === category);
  return own.find((rule) => rule.site === site) ?? own.find((rule) => rule.site === null);
}

function Effect({ result, second }: { result: Rehearsal | undefined; second: boolean }) {
  const { t } = useTranslation();
  if (result === undefined) return <span className="tt-soft">{t('settings.rehearseFirst')}</span>;
  return (
    <>
      <RehearsalResult result={result} />
      {second && (
        <Alert color="yellow" data-testid="second-person">
          {t('retention.secondPerson')}
        </Alert>
      )}
    </>
  );
}
