import { SegmentedControl, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useLive, useNow } from '../app/services.js';
import { isFaulty, isSilent } from '../data/freshness.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { CabinetGrid } from './home-page.js';

/** The board of all cabinets, or only those that are silent or faulty. */
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
    only === 'silent' ? isSilent(cabinet, nowMs) : only === 'faulty' ? isFaulty(cabinet) : true,
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
            void navigate({ to: '/cabinets', search: value === 'all' ? {} : { only: value as 'silent' | 'faulty' } })
          }
          data={[
            { value: 'all', label: `${t('cabinet.allQuiet')} · ${all.length}` },
            { value: 'silent', label: `${t('cabinet.onlySilent')} · ${all.filter((c) => isSilent(c, nowMs)).length}` },
            { value: 'faulty', label: `${t('cabinet.onlyFaulty')} · ${all.filter(isFaulty).length}` },
          ]}
        />
      </header>
      {shown.length === 0 && only !== undefined ? (
        <EmptyState
          icon={IconCircleCheck}
          title={t('home.calm')}
          next={only === 'silent' ? t('cabinet.noneSilent') : t('cabinet.noneFaulty')}
        />
      ) : (
        <CabinetGrid cabinets={shown} />
      )}
    </>
  );
}
