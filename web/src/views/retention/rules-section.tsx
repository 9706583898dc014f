import { Button, Group, Table } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import type { Rehearsal, RetentionRule } from '@tagtrail/shared/api/retention.js';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { dayText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { Badge } from '../../ui/badge.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { When } from '../../ui/when.js';
import { RuleDialog } from './rule-dialog.js';
import { RunNow } from './run-now.js';
import type { Sites } from './use-sites.js';

interface RulesProps {
  readonly rules: readonly RetentionRule[];
  readonly sites: Sites;
  readonly mayChange: boolean;
}

type Edited = { readonly rule: RetentionRule; readonly siteIsChosen: boolean };

/** The rules, those of single sites under the one for all, and what each takes at its next run. */
export function RulesSection({ rules, sites, mayChange }: RulesProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [edited, setEdited] = useState<Edited | null>(null);
  const due = useQuery({ queryKey: ['retention', 'due'], queryFn: api.retentionDue, enabled: mayChange });
  const [first] = rules;
  return (
    <Section
      title={t('retention.rules')}
      lead={`${t('settings.retentionLead')} ${t(mayChange ? 'retention.nextRun' : 'settings.viewerOnly')}`}
      testId="retention-rules"
      {...(mayChange && {
        actions: (
          <>
            {sites.list.length > 1 && first !== undefined && (
              <Button variant="default" size="xs" onClick={() => setEdited({ rule: first, siteIsChosen: false })}>
                {t('retention.addSiteRule')}
              </Button>
            )}
            <RunNow />
          </>
        ),
      })}
    >
      <RecordTable verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.category')}</Table.Th>
            <Table.Th>{t('settings.keep')}</Table.Th>
            <Table.Th>{t('settings.afterwards')}</Table.Th>
            <Table.Th>{t('retention.source')}</Table.Th>
            {mayChange && <Table.Th>{t('retention.goesNext')}</Table.Th>}
            <ActionsHead />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule) => (
            <RuleRow
              key={`${rule.category} ${rule.site}`}
              rule={rule}
              sites={sites}
              hasSiteRules={rules.some(({ category, site }) => category === rule.category && site !== null)}
              due={due.data?.data.find(({ category, site }) => category === rule.category && site === rule.site)}
              mayChange={mayChange}
              onEdit={() => setEdited({ rule, siteIsChosen: true })}
            />
          ))}
        </Table.Tbody>
      </RecordTable>
      {edited !== null && <RuleDialog {...edited} rules={rules} sites={sites} onClose={() => setEdited(null)} />}
    </Section>
  );
}

interface RowProps {
  readonly rule: RetentionRule;
  readonly sites: Sites;
  readonly hasSiteRules: boolean;
  readonly due: Rehearsal | undefined;
  readonly mayChange: boolean;
  readonly onEdit: () => void;
}

function RuleRow({ rule, sites, hasSiteRules, due, mayChange, onEdit }: RowProps) {
  const { t } = useTranslation();
  const category = t(`category.${rule.category}`);
  return (
    <Table.Tr data-category={rule.category} data-site={rule.site ?? 'all'} data-keep-days={rule.keep_days ?? 'forever'}>
      <Table.Td>
        {rule.site === null ? (
          <strong>{category}</strong>
        ) : (
          <span className="tt-rule-site">{sites.name(rule.site)}</span>
        )}
        {rule.site === null && hasSiteRules && <div className="tt-soft">{t('retention.otherSites')}</div>}
      </Table.Td>
      <Table.Td className="tt-figure">
        {rule.keep_days === null ? t('settings.forever') : t('common.day', { count: rule.keep_days })}
        {rule.warnings.map((warning) => (
          <div key={warning} className="tt-rule-warning" data-warning={warning}>
            <IconAlertTriangle size={14} stroke={2.2} aria-hidden /> {t(`retention.warnings.${warning}`)}
          </div>
        ))}
      </Table.Td>
      <Table.Td>{rule.keep_days === null ? '–' : t(`settings.${rule.action}`)}</Table.Td>
      <Table.Td>
        <RuleSource rule={rule} />
      </Table.Td>
      {mayChange && <Table.Td>{due === undefined ? '–' : <Due due={due} />}</Table.Td>}
      <Table.Td className="tt-end">
        {mayChange && (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            {rule.site !== null && <DropRule category={rule.category} site={rule.site} sites={sites} />}
            <Button
              variant="default"
              size="xs"
              onClick={onEdit}
              aria-label={t('settings.editOf', {
                category: rule.site === null ? category : `${category}, ${sites.name(rule.site)}`,
              })}
            >
              {t('settings.edit')}
            </Button>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Where a rule comes from, why it is kept for so long, and when it was last changed. */
function RuleSource({ rule }: { rule: RetentionRule }) {
  const { t, i18n } = useTranslation();
  const facts = [
    rule.reason === null || rule.reason === rule.source ? null : t(`retention.reasons.${rule.reason}`),
    rule.review_on === null ? null : t('retention.reviewNext', { day: dayText(rule.review_on, languageOf(i18n)) }),
  ].filter((fact) => fact !== null);
  return (
    <>
      {t(`retention.sources.${rule.source}`)}
      {facts.length > 0 && <div>{facts.join(' · ')}</div>}
      {rule.version > 0 && rule.updated_at !== null && (
        <div className="tt-soft">
          {t('retention.version', { version: rule.version })} · <When at={rule.updated_at} />
        </div>
      )}
    </>
  );
}

function Due({ due }: { due: Rehearsal }) {
  const { t, i18n } = useTranslation();
  return (
    <span data-due={due.entries} data-held={due.held}>
      {due.entries === 0 ? (
        <span className="tt-soft">{t('retention.nothingDue')}</span>
      ) : (
        <span className="tt-figure">
          {t('retention.lines', { count: due.entries })}
          {due.oldest !== null && (
            <span className="tt-soft"> {t('retention.since', { oldest: dayText(due.oldest, languageOf(i18n)) })}</span>
          )}
        </span>
      )}
      {due.held > 0 && (
        <div>
          <Badge tone="hold" icon={IconLock} label={t('retention.heldBack', { count: due.held })} />
        </div>
      )}
    </span>
  );
}

function DropRule({ category, site, sites }: { category: RetentionRule['category']; site: string; sites: Sites }) {
  const { t } = useTranslation();
  const api = useApi();
  const queries = useQueryClient();
  const drop = useMutation({
    mutationFn: () => api.dropSiteRule(category, site),
    onSettled: () => queries.invalidateQueries({ queryKey: ['retention'] }),
  });
  return (
    <>
      {drop.error !== null && <span role="alert">{errorText(drop.error)}</span>}
      <Button
        variant="subtle"
        size="xs"
        loading={drop.isPending}
        onClick={() => drop.mutate()}
        aria-label={t('retention.dropSiteRuleOf', { site: sites.name(site), category: t(`category.${category}`) })}
      >
        {t('retention.dropSiteRule')}
      </Button>
    </>
  );
}
