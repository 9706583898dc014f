import { Button, Table } from '@mantine/core';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { PersonRights } from '@tagtrail/shared/api/person-rights.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../app/services.js';
import { dayText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { RecordTable } from '../../ui/record-table.js';
import { Section } from '../../ui/section.js';
import { licenceLooks, licenceStateAt } from './licence-look.js';
import { LicencesDialog } from './licences-dialog.js';

interface LicencesProps {
  readonly person: PersonView;
  readonly rights: PersonRights;
  readonly mayChange: boolean;
}

/** The licences that tools ask for, each with its end. */
export function LicencesSection({ person, rights, mayChange }: LicencesProps) {
  const { t } = useTranslation();
  const [isChanging, setIsChanging] = useState(false);
  return (
    <Section
      title={t('rights.licences')}
      lead={rights.licences.length === 0 ? t('rights.licencesEmpty') : t('rights.licencesLead')}
      testId="licences"
      {...(mayChange && {
        actions: (
          <Button variant="default" size="xs" onClick={() => setIsChanging(true)} data-testid="change-licences">
            {t('rights.changeLicences')}
          </Button>
        ),
      })}
    >
      {rights.licences.length > 0 && (
        <RecordTable verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('rights.licence')}</Table.Th>
              <Table.Th>{t('rights.validUntil')}</Table.Th>
              <Table.Th>{t('asset.state')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rights.licences.map((licence) => (
              <LicenceRow key={licence.name} {...licence} />
            ))}
          </Table.Tbody>
        </RecordTable>
      )}
      {isChanging && <LicencesDialog person={person} rights={rights} onClose={() => setIsChanging(false)} />}
    </Section>
  );
}

function LicenceRow({ name, valid_until: validUntil }: PersonRights['licences'][number]) {
  const { t, i18n } = useTranslation();
  const state = licenceStateAt(validUntil, useNow());
  return (
    <Table.Tr data-licence={name} data-state={state}>
      <Table.Td>
        <strong>{name}</strong>
      </Table.Td>
      <Table.Td className="tt-figure">
        {validUntil === null ? t('rights.noEnd') : dayText(validUntil, languageOf(i18n))}
      </Table.Td>
      <Table.Td>
        <Badge {...licenceLooks[state]} label={t(`rights.licenceState.${state}`)} />
      </Table.Td>
    </Table.Tr>
  );
}
