import { Button, Group, SegmentedControl, Table, TextInput } from '@mantine/core';
import { type Icon, IconCircleCheck, IconHandStop, IconHelpTriangle } from '@tabler/icons-react';
import { issueBadge, type PersonView } from '@tagtrail/shared/api/person.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { ActionsHead } from '../../ui/actions-head.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { When } from '../../ui/when.js';
import { BadgeReach } from './badge-reach.js';

type BadgeView = PersonView['badges'][number];
const looks: Readonly<Record<BadgeView['status'], { tone: Tone; icon: Icon }>> = {
  active: { tone: 'ok', icon: IconCircleCheck },
  lost: { tone: 'doubt', icon: IconHelpTriangle },
  revoked: { tone: 'mute', icon: IconHandStop },
};

/** The badges a person was given. One that has ended stays in the list: its lines do. */
export function BadgesSection({ person, mayChange }: { person: PersonView; mayChange: boolean }) {
  const { t } = useTranslation();
  const [isIssuing, setIsIssuing] = useState(false);
  const [ending, setEnding] = useState<BadgeView | null>(null);
  return (
    <Section
      title={t('person.badges')}
      lead={t(person.badges.length === 0 ? 'rights.badgesEmpty' : 'rights.badgesLead')}
      testId="badges"
      {...(mayChange && {
        actions: (
          <Button variant="default" size="xs" onClick={() => setIsIssuing(true)} data-testid="issue-badge">
            {t('rights.issueBadge')}
          </Button>
        ),
      })}
    >
      {person.badges.length > 0 && (
        <RecordTable verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('rights.badge')}</Table.Th>
              <Table.Th>{t('rights.issued')}</Table.Th>
              <Table.Th>{t('asset.state')}</Table.Th>
              <Table.Th>{t('rights.atCabinets')}</Table.Th>
              <ActionsHead />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {person.badges.map((badge) => (
              <Table.Tr key={badge.id} data-badge={badge.id} data-status={badge.status}>
                <Table.Td>{t('person.badgeEnds', { digits: badge.ends_with })}</Table.Td>
                <Table.Td>
                  <When at={badge.issued_at} />
                </Table.Td>
                <Table.Td>
                  <Badge {...looks[badge.status]} label={t(`rights.badgeStatus.${badge.status}`)} />
                </Table.Td>
                <Table.Td>{badge.status !== 'active' && <BadgeReach badge={badge} />}</Table.Td>
                <Table.Td className="tt-end">
                  {mayChange && badge.status === 'active' && (
                    <Button variant="default" size="xs" onClick={() => setEnding(badge)} data-testid="end-badge">
                      {t('rights.endBadge')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </RecordTable>
      )}
      {isIssuing && <IssueDialog person={person} onClose={() => setIsIssuing(false)} />}
      {ending !== null && <EndDialog badge={ending} onClose={() => setEnding(null)} />}
    </Section>
  );
}

function IssueDialog({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [number, setNumber] = useState('');
  const wanted = issueBadge.safeParse({ number: number.trim() });
  return (
    <DecisionDialog
      title={t('rights.issueBadge')}
      text={t('rights.issueText')}
      confirm={t('rights.issueBadge')}
      decide={wanted.success ? () => api.issueBadge(person.id, wanted.data.number) : null}
      touches={['person', 'people']}
      onClose={onClose}
    >
      <TextInput
        label={t('rights.badgeNumber')}
        description={t('rights.badgeNumberHelp')}
        maxLength={32}
        autoComplete="off"
        value={number}
        error={number !== '' && !wanted.success ? t('rights.badgeNumberWrong') : undefined}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}

function EndDialog({ badge, onClose }: { badge: BadgeView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [reason, setReason] = useState<'lost' | 'revoked'>('lost');
  return (
    <DecisionDialog
      title={t('rights.endBadgeOf', { digits: badge.ends_with })}
      text={t('rights.endBadgeText')}
      confirm={t('rights.endBadge')}
      decide={() => api.revokeBadge(badge.id, reason)}
      touches={['person', 'people']}
      isGrave
      onClose={onClose}
    >
      <Group grow>
        <SegmentedControl
          aria-label={t('rights.endBadgeWhy')}
          value={reason}
          onChange={(value) => setReason(value === 'lost' ? 'lost' : 'revoked')}
          data={[
            { value: 'lost', label: t('rights.isLost') },
            { value: 'revoked', label: t('rights.isWithdrawn') },
          ]}
        />
      </Group>
    </DecisionDialog>
  );
}
