import { SegmentedControl, Title } from '@mantine/core';
import { IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useLive, useNow } from '../app/services.js';
import { isFaulty, isSilent } from '../data/freshness.js';
import { isBehind, rulesReach } from '../data/rules-reach.js';
import { Badge } from '../ui/badge.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { CabinetGrid } from './home-page.js';

type Only = 'silent' | 'faulty' | 'behind';
const filters = { faulty: isFaulty, behind: isBehind } as const;
const noneOf = { silent: 'cabinet.noneSilent', faulty: 'cabinet.noneFaulty', behind: 'rules.noneBehind' } as const;

/** The board of all cabinets, or only those that are silent, faulty or work by old rules. */
export function CabinetsPage() {
  const { t } = useTranslation();
  const api = useApi();
  const nowMs = useNow();
  const navigate = useNavigate();
  const { only } = useSearch({ from: '/inside/cabinets' });
  const live = useLive((state) => state.cabinets);
  const first = useQuery({ queryKey: ['cabinets'], queryFn: api.cabinets, enabled: live === null });
  const all = live === null ? (first.data?.data ?? null) : [...live.values()];
  if (all === null) {
    if (first.error !== null) return <ErrorState error={first.error} retry={() => void first.refetch()} />;
    return <RowsSkeleton rows={3} height={200} />;
  }
  const shown = all.filter((cabinet) =>
    only === undefined ? true : only === 'silent' ? isSilent(cabinet, nowMs) : filters[only](cabinet),
  );
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('cabinet.many')} <span className="tt-count">{shown.length}</span>
        </Title>
        <SegmentedControl
          aria-label={t('cabinet.show')}
          value={only ?? 'all'}
          onChange={(value) =>
            void navigate({ to: '/cabinets', search: value === 'all' ? {} : { only: value as Only } })
          }
          data={[
            { value: 'all', label: `${t('cabinet.allQuiet')} · ${all.length}` },
            { value: 'silent', label: `${t('cabinet.onlySilent')} · ${all.filter((c) => isSilent(c, nowMs)).length}` },
            { value: 'faulty', label: `${t('cabinet.onlyFaulty')} · ${all.filter(isFaulty).length}` },
            { value: 'behind', label: `${t('rules.onlyBehind')} · ${all.filter(isBehind).length}` },
          ]}
        />
      </header>
      {all.length > 0 && <Reach cabinets={all} />}
      {shown.length === 0 && only !== undefined ? (
        <EmptyState icon={IconCircleCheck} title={t('home.calm')} next={t(noneOf[only])} />
      ) : (
        <CabinetGrid cabinets={shown} />
      )}
    </>
  );
}

/** How far the newest rules have come; amber while one cabinet works by old ones. */
function Reach({ cabinets }: { cabinets: readonly CabinetView[] }) {
  const { t } = useTranslation();
  const { total, current } = rulesReach(cabinets);
  const isEverywhere = current === total;
  return (
    <p className="tt-reach" data-testid="rules-reach" data-current={current} data-total={total}>
      <Badge
        tone={isEverywhere ? 'ok' : 'due'}
        icon={isEverywhere ? IconCircleCheck : IconClockExclamation}
        label={t('rules.reach', { count: total, current })}
        title={t('rules.reachHelp')}
      />
    </p>
  );
}
