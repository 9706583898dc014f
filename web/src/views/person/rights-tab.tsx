import type { PersonView } from '@tagtrail/shared/api/person.js';
import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../app/may.js';
import { useApi } from '../../app/services.js';
import { ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { GrantsSection } from '../rules/grants-section.js';
import { BadgesSection } from './badges-section.js';
import { DepartureSection } from './departure-section.js';
import { LicencesSection } from './licences-section.js';
import { PinSection } from './pin-section.js';

/** How a person gets in, and what they may take once they are. */
export function RightsTab({ person }: { person: PersonView }) {
  const api = useApi();
  const isManager = useMay('manager');
  const mayChange = isManager && person.status !== 'left';
  const found = useQuery({ queryKey: ['person', person.id, 'rights'], queryFn: () => api.personRights(person.id) });
  if (found.isPending) return <RowsSkeleton rows={3} height={80} />;
  if (found.isError) return <ErrorState error={found.error} retry={() => void found.refetch()} />;
  return (
    <div data-testid="person-rights">
      <LicencesSection person={person} rights={found.data} mayChange={mayChange} />
      <GrantsSection person={{ id: person.id, name: person.name }} mayChange={mayChange} />
      <BadgesSection person={person} mayChange={mayChange} />
      <PinSection person={person} rights={found.data} mayChange={mayChange} />
      <DepartureSection person={person} mayChange={mayChange} />
    </div>
  );
}
