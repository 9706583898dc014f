import { Button, Tabs } from '@mantine/core';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/may.js';
import { useApi } from '../app/services.js';
import { dayText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import { Detail, type Fact, Facts } from '../ui/detail.js';
import { EpcCode } from '../ui/epc-code.js';
import { ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { PersonStatus } from '../ui/person-status.js';
import { Timeline } from '../ui/timeline.js';
import { When } from '../ui/when.js';
import { AssetRows } from './asset-rows.js';
import { PersonDialog } from './person/person-dialog.js';
import { RightsTab } from './person/rights-tab.js';

/** One person: what they hold now, and their lines. */
export function PersonPage() {
  const { personId } = useParams({ from: '/inside/people/$personId' });
  const api = useApi();
  const found = useQuery({ queryKey: ['person', personId], queryFn: () => api.person(personId) });
  if (found.isPending) return <RowsSkeleton rows={5} height={80} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return <PersonDetail person={found.data} />;
}

function PersonDetail({ person }: { person: PersonView }) {
  const { t, i18n } = useTranslation();
  const mayChange = useMay('manager');
  const [isChanging, setIsChanging] = useState(false);
  const facts: Fact[] = [
    {
      label: t('person.holding'),
      value: person.holding === 0 ? t('person.toolsNone') : t('person.tools', { count: person.holding }),
    },
    { label: t('person.lastSession'), value: <When at={person.last_session_at} /> },
    { label: t('person.groups'), value: person.groups.join(', ') || '–' },
    ...(person.valid_until === null
      ? []
      : [{ label: t('person.untilDay'), value: dayText(person.valid_until, languageOf(i18n)) }]),
  ];
  const details: Fact[] = [
    { label: t('asset.identity'), value: <EpcCode value={person.id} whole /> },
    { label: t('person.language'), value: t(person.language === 'fr' ? 'person.languageFr' : 'person.languageEn') },
  ];
  return (
    <div data-testid="person-page" data-person={person.id} data-holding={person.holding}>
      <Detail
        up={{ label: t('person.many'), link: { to: '/people' } }}
        title={person.name ?? t('common.formerColleague')}
        state={<PersonStatus status={person.status} />}
        asOf={person.display_name}
        facts={facts}
        {...(mayChange && {
          actions: (
            <Button variant="default" onClick={() => setIsChanging(true)} data-testid="change-person">
              {t('settings.edit')}
            </Button>
          ),
        })}
      >
        <Tabs defaultValue="timeline" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="timeline">{t('tab.timeline')}</Tabs.Tab>
            <Tabs.Tab value="tools">
              {t('person.holdingTitle')} · {person.holding}
            </Tabs.Tab>
            <Tabs.Tab value="rights">{t('rights.tab')}</Tabs.Tab>
            <Tabs.Tab value="details">{t('tab.details')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline" className="tt-card">
            <Timeline owner="people" id={person.id} />
          </Tabs.Panel>
          <Tabs.Panel value="tools" className="tt-card">
            <AssetRows query={{ holder_id: person.id }} />
          </Tabs.Panel>
          <Tabs.Panel value="rights">
            <RightsTab person={person} />
          </Tabs.Panel>
          <Tabs.Panel value="details" className="tt-card">
            <Facts facts={details} />
          </Tabs.Panel>
        </Tabs>
      </Detail>
      {isChanging && <PersonDialog person={person} onClose={() => setIsChanging(false)} />}
    </div>
  );
}
