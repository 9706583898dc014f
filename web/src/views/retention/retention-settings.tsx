import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../app/services.js';
import { ErrorState, RowsSkeleton } from '../../ui/page-states.js';
import { ChangesSection } from './changes-section.js';
import { HoldsSection } from './holds-section.js';
import { RulesSection } from './rules-section.js';
import { RunsSection } from './runs-section.js';
import { useSites } from './use-sites.js';

/** What waits for somebody, what the rules are and take next, what is held, and what has been done. */
export function RetentionSettings() {
  const api = useApi();
  const rules = useQuery({ queryKey: ['retention', 'rules'], queryFn: api.retentionRules });
  const me = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  const sites = useSites();
  if (rules.isPending || me.isPending) return <RowsSkeleton />;
  if (rules.isError) return <ErrorState error={rules.error} retry={() => void rules.refetch()} />;
  const isAdmin = me.data?.role === 'admin';
  return (
    <>
      {isAdmin && <ChangesSection ownId={me.data?.id ?? ''} rules={rules.data.data} sites={sites} />}
      <RulesSection rules={rules.data.data} sites={sites} mayChange={isAdmin} />
      {isAdmin && <HoldsSection seesAllSites={me.data?.sites === null} sites={sites} />}
      <RunsSection sites={sites} mayDownload={isAdmin} />
    </>
  );
}
