import { Button, Textarea } from '@mantine/core';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { Section } from '../../ui/section.js';

interface DepartureProps {
  readonly person: PersonView;
  readonly mayChange: boolean;
}

/** The end of everything that lets a person in; for those who have left, what still happens to their name. */
export function DepartureSection({ person, mayChange }: DepartureProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (person.status === 'left') {
    const lead = person.name === null ? t('leaving.forgotten') : t('leaving.left');
    return <Section title={t('leaving.title')} lead={lead} testId="departure" />;
  }
  if (!mayChange) return null;
  return (
    <Section
      title={t('leaving.title')}
      lead={t('leaving.lead')}
      testId="departure"
      actions={
        <Button color="red" variant="light" size="xs" onClick={() => setOpen(true)} data-testid="depart">
          {t('leaving.button')}
        </Button>
      }
    >
      {isOpen && <DepartureDialog person={person} onClose={() => setOpen(false)} />}
    </Section>
  );
}

function DepartureDialog({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [reason, setReason] = useState('');
  return (
    <DecisionDialog
      title={t('leaving.ask', { name: person.name ?? t('common.formerColleague') })}
      text={t('leaving.means')}
      confirm={t('leaving.button')}
      decide={() => api.departPerson(person.id, reason.trim() === '' ? null : reason.trim())}
      touches={['person', 'people']}
      isGrave
      onClose={onClose}
    >
      {person.holding > 0 && (
        <strong data-testid="still-out">{t('leaving.stillOut', { count: person.holding })}</strong>
      )}
      <Textarea
        label={t('leaving.reason')}
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}
