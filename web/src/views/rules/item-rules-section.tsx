import { Button, Checkbox, SegmentedControl, Table, TagsInput, TextInput } from '@mantine/core';
import { IconCertificate, IconUsers } from '@tabler/icons-react';
import { type ItemRuleView, newItemRule } from '@tagtrail/shared/api/item-rule.js';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import type { ItemRuleDraft } from '../../data/api-rules.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { Badge } from '../../ui/badge.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { GroupField } from './grant-dialog.js';

/** What every tool of a model or of a group asks for: licences, a second person. */
export function ItemRulesSection({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation();
  const api = useApi();
  const [isAdding, setIsAdding] = useState(false);
  const [ending, setEnding] = useState<ItemRuleView | null>(null);
  const rules = useQuery({ queryKey: ['rules', 'item-rules'], queryFn: api.itemRules });
  return (
    <Section
      title={t('itemRule.many')}
      lead={t('itemRule.lead')}
      testId="item-rules"
      {...(mayChange && {
        actions: (
          <Button variant="default" size="xs" onClick={() => setIsAdding(true)} data-testid="add-item-rule">
            {t('itemRule.add')}
          </Button>
        ),
      })}
    >
      {rules.isPending && <RowsSkeleton rows={2} />}
      {rules.isError && <ErrorState error={rules.error} retry={() => void rules.refetch()} />}
      {rules.data?.data.length === 0 && (
        <EmptyState icon={IconCertificate} title={t('itemRule.none')} next={t('itemRule.noneNext')} />
      )}
      {rules.data !== undefined && rules.data.data.length > 0 && (
        <RecordTable verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('itemRule.of')}</Table.Th>
              <Table.Th>{t('itemRule.asks')}</Table.Th>
              <Table.Th>{t('grant.why')}</Table.Th>
              <Table.Th className="tt-end">{t('itemRule.tools')}</Table.Th>
              {mayChange && <ActionsHead />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rules.data.data.map((rule) => (
              <RuleRow key={rule.id} rule={rule} onEnd={mayChange ? () => setEnding(rule) : null} />
            ))}
          </Table.Tbody>
        </RecordTable>
      )}
      {isAdding && <ItemRuleDialog onClose={() => setIsAdding(false)} />}
      {ending !== null && (
        <DecisionDialog
          title={t('itemRule.endTitle')}
          text={t('itemRule.endText', { count: ending.assets })}
          confirm={t('grant.end')}
          decide={() => api.endItemRule(ending.id)}
          touches={['rules']}
          onClose={() => setEnding(null)}
        />
      )}
    </Section>
  );
}

function RuleRow({ rule, onEnd }: { rule: ItemRuleView; onEnd: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <Table.Tr data-rule={rule.id} data-two-person={rule.two_person}>
      <Table.Td>
        <strong>
          {rule.model === null
            ? t('grant.groupOf', { name: rule.group ?? '' })
            : t('grant.modelOf', { name: rule.model })}
        </strong>
      </Table.Td>
      <Table.Td>
        <span className="tt-row-actions">
          {rule.licences.map((name) => (
            <Badge key={name} tone="mute" icon={IconCertificate} label={name} />
          ))}
          {rule.two_person && <Badge tone="hold" icon={IconUsers} label={t('itemRule.twoPeople')} />}
        </span>
      </Table.Td>
      <Table.Td>{rule.note ?? <span className="tt-soft">–</span>}</Table.Td>
      <Table.Td className="tt-figure tt-end">{rule.assets}</Table.Td>
      {onEnd !== null && (
        <Table.Td className="tt-end">
          <Button variant="default" size="xs" onClick={onEnd} data-testid="end-item-rule">
            {t('grant.end')}
          </Button>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function ItemRuleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [of, setOf] = useState<'model' | 'group'>('model');
  const [name, setName] = useState('');
  const [licences, setLicences] = useState<string[]>([]);
  const [twoPeople, setTwoPeople] = useState(false);
  const [note, setNote] = useState('');
  const draft: ItemRuleDraft = {
    ...(of === 'model' ? { model: name.trim() } : { group: name.trim() }),
    two_person: twoPeople,
    licences,
    note: note.trim() === '' ? null : note.trim(),
  };
  const asksSomething = twoPeople || licences.length > 0;
  return (
    <DecisionDialog
      title={t('itemRule.add')}
      text={t('itemRule.addText')}
      confirm={t('itemRule.add')}
      decide={asksSomething && newItemRule.safeParse(draft).success ? () => api.addItemRule(draft) : null}
      touches={['rules']}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t('itemRule.of')}
        value={of}
        onChange={(value) => setOf(value === 'group' ? 'group' : 'model')}
        data={[
          { value: 'model', label: t('grant.aModel') },
          { value: 'group', label: t('grant.toGroup') },
        ]}
      />
      {of === 'group' ? (
        <GroupField value={name} onChange={setName} />
      ) : (
        <TextInput
          label={t('asset.model')}
          description={t('grant.modelHelp')}
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <LicenceNames value={licences} onChange={setLicences} />
      <Checkbox
        label={t('itemRule.asksTwo')}
        checked={twoPeople}
        onChange={(event) => setTwoPeople(event.currentTarget.checked)}
      />
      <TextInput
        label={t('grant.why')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}

/** The names of licences that a tool asks for; Enter or a comma ends a name. */
export function LicenceNames({ value, onChange }: { value: string[]; onChange: (names: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <TagsInput
      label={t('itemRule.licences')}
      description={t('itemRule.licencesHelp')}
      maxTags={20}
      acceptValueOnBlur
      value={value}
      onChange={(names) => onChange(names.map((name) => name.trim()).filter((name) => name !== ''))}
    />
  );
}
