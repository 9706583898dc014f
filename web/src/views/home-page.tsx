import { Title } from '@mantine/core';
import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconCircleCheck,
  IconClockQuestion,
  IconHelpTriangle,
  IconPlugConnectedX,
  IconRulerMeasure,
  IconUserCheck,
} from '@tabler/icons-react';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { Overview } from '@tagtrail/shared/api/overview.js';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useLive, useNow } from '../app/services.js';
import { isFaulty, isSilent } from '../data/freshness.js';
import { AsOf } from '../ui/as-of.js';
import type { Tone } from '../ui/badge.js';
import { CabinetCard } from '../ui/cabinet-card.js';
import { LiveTrail } from '../ui/live-trail.js';
import { EmptyState, ErrorState, RowsSkeleton } from '../ui/page-states.js';
import { AttentionBoard } from './attention/attention-board.js';

type Exception = 'missing' | 'disputed' | 'calibration' | 'silent' | 'faulty' | 'out';
interface Tile {
  readonly name: Exception;
  readonly icon: Icon;
  readonly tone: Tone;
  readonly link: LinkProps;
}

const tiles: readonly Tile[] = [
  { name: 'missing', icon: IconAlertTriangle, tone: 'bad', link: { to: '/assets', search: { state: 'missing' } } },
  { name: 'disputed', icon: IconHelpTriangle, tone: 'doubt', link: { to: '/assets', search: { state: 'disputed' } } },
  {
    name: 'calibration',
    icon: IconRulerMeasure,
    tone: 'due',
    link: { to: '/assets', search: { state: 'calibration' } },
  },
  { name: 'silent', icon: IconClockQuestion, tone: 'old', link: { to: '/cabinets', search: { only: 'silent' } } },
  { name: 'faulty', icon: IconPlugConnectedX, tone: 'bad', link: { to: '/cabinets', search: { only: 'faulty' } } },
  { name: 'out', icon: IconUserCheck, tone: 'out', link: { to: '/assets', search: { state: 'out' } } },
];

/** What needs me now; then the cabinets, and the trail at the side. */
export function HomePage() {
  const { t } = useTranslation();
  const api = useApi();
  const live = useLive((state) => state.overview);
  const cabinets = useLive((state) => state.cabinets);
  // The first answer comes over REST when the live feed is slow or shut out.
  const first = useQuery({ queryKey: ['overview'], queryFn: api.overview, enabled: live === null });
  const firstCabinets = useQuery({ queryKey: ['cabinets'], queryFn: api.cabinets, enabled: cabinets === null });
  const overview = live ?? first.data ?? null;
  const list = cabinets === null ? (firstCabinets.data?.data ?? null) : [...cabinets.values()];
  if (overview === null || list === null) {
    const error = first.error ?? firstCabinets.error;
    if (error === null) return <RowsSkeleton rows={5} height={110} />;
    return (
      <ErrorState
        error={error}
        retry={() => {
          void first.refetch();
          void firstCabinets.refetch();
        }}
      />
    );
  }
  return (
    <div className="tt-home">
      <div className="tt-home-main">
        <header className="tt-page-head">
          <Title order={1} size={22}>
            {t('home.title')}
          </Title>
          <AsOf freshness={overview.freshness} />
        </header>
        <Exceptions overview={overview} cabinets={list} />
        <AttentionBoard figures={overview.attention} />
        <Title order={2} size={17}>
          {t('home.cabinets')}
        </Title>
        <CabinetGrid cabinets={list} />
      </div>
      <LiveTrail />
    </div>
  );
}

function Exceptions({ overview, cabinets }: { overview: Overview; cabinets: readonly CabinetView[] }) {
  const { t } = useTranslation();
  const nowMs = useNow();
  const counts: Readonly<Record<Exception, number>> = {
    missing: overview.assets.missing,
    disputed: overview.assets.disputed,
    calibration: overview.assets.calibration,
    out: overview.assets.out,
    silent: cabinets.filter((cabinet) => isSilent(cabinet, nowMs)).length,
    faulty: cabinets.filter(isFaulty).length,
  };
  const urgent = overview.attention.open > 0 || tiles.some((tile) => tile.name !== 'out' && counts[tile.name] > 0);
  return (
    <section aria-label={t('home.title')}>
      <div className="tt-tiles">
        {tiles.map(({ name, icon: Glyph, tone, link }) => (
          <Link
            key={name}
            {...link}
            className="tt-card tt-tile"
            data-testid={`exception-${name}`}
            data-count={counts[name]}
            data-tone={counts[name] > 0 ? tone : 'mute'}
            data-quiet={counts[name] === 0}
            title={t(`home.${name}Help`)}
          >
            <span className="tt-tile-head">
              <Glyph size={18} stroke={2} aria-hidden />
              {t(`home.${name}`)}
            </span>
            <span className="tt-tile-count">{counts[name]}</span>
          </Link>
        ))}
      </div>
      {overview.quarantined_events > 0 && (
        <p className="tt-calm">
          <Link to="/settings" hash="quarantine" data-testid="exception-quarantined">
            {t('home.quarantined')}: {overview.quarantined_events}
          </Link>
        </p>
      )}
      {!urgent && (
        <p className="tt-calm">
          <IconCircleCheck size={18} aria-hidden />
          <span>
            <strong>{t('home.calm')}.</strong> {t('home.calmLong')}
          </span>
        </p>
      )}
    </section>
  );
}

export function CabinetGrid({ cabinets }: { cabinets: readonly CabinetView[] }) {
  const { t } = useTranslation();
  if (cabinets.length === 0) {
    return <EmptyState icon={IconArchive} title={t('home.noCabinets')} next={t('home.noCabinetsNext')} />;
  }
  const sorted = [...cabinets].sort((a, b) => `${a.site.name} ${a.name}`.localeCompare(`${b.site.name} ${b.name}`));
  return (
    <div className="tt-grid">
      {sorted.map((cabinet) => (
        <CabinetCard key={cabinet.id} cabinet={cabinet} />
      ))}
    </div>
  );
}
