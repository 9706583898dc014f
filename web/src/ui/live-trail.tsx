import { Button, SegmentedControl } from '@mantine/core';
import { IconArrowUp, IconTimelineEvent } from '@tabler/icons-react';
import { rowsOf, type TrailRow } from '@tagtrail/shared/live/trail-list.js';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../app/services.js';
import { lookOfEntry } from './entry-look.js';
import { EmptyState, RowsSkeleton } from './page-states.js';
import { TrailLine } from './trail-line.js';

type Filter = 'all' | 'tools' | 'alerts';

/** The live trail. While somebody reads (pointer over it, or scrolled down) new lines wait behind a button. */
export function LiveTrail() {
  const { t } = useTranslation();
  const trail = useLive((state) => state.trail);
  const known = useLive((state) => state.overview !== null);
  const [filter, setFilter] = useState<Filter>('all');
  const [reading, setReading] = useState(false);
  const [shown, setShown] = useState(trail);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!reading) setShown(trail);
  }, [trail, reading]);

  const rows = useMemo(() => rowsOf(shown).filter((row) => fits(row, filter)), [shown, filter]);
  const calm = useDeferredValue(rows);
  const held = useMemo(() => countNewer(rowsOf(trail), rowsOf(shown), filter), [trail, shown, filter]);
  const latest = (): void => {
    if (scroller.current !== null) scroller.current.scrollTop = 0;
    setShown(trail);
    setReading(false);
  };
  return (
    <section className="tt-card tt-trail" aria-label={t('live.trail')} data-testid="live-trail">
      <header>
        <h2 title={t('live.trailHelp')}>{t('live.trail')}</h2>
        <SegmentedControl
          size="xs"
          aria-label={t('live.filter')}
          value={filter}
          onChange={(value) => setFilter(value as Filter)}
          data={(['all', 'tools', 'alerts'] as const).map((value) => ({ value, label: t(`live.${value}`) }))}
        />
      </header>
      {held > 0 && (
        <Button
          className="tt-held"
          size="compact-sm"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          onClick={latest}
        >
          {t('live.held', { count: held })}
        </Button>
      )}
      <div
        ref={scroller}
        className="tt-trail-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard (WCAG 2.1.1).
        tabIndex={0}
        onPointerEnter={() => setReading(true)}
        onPointerLeave={() => setReading((scroller.current?.scrollTop ?? 0) > 8)}
        onScroll={(event) => {
          if (event.currentTarget.scrollTop > 8) setReading(true);
          else if (!event.currentTarget.matches(':hover')) setReading(false);
        }}
      >
        {known ? <TrailRows rows={calm} total={shown.entries.length} /> : <RowsSkeleton rows={9} height={38} />}
        {shown.truncated && calm.length > 0 && <p className="tt-trail-end">{t('live.more')}</p>}
      </div>
    </section>
  );
}

function TrailRows({ rows, total }: { rows: readonly TrailRow[]; total: number }) {
  const { t } = useTranslation();
  if (rows.length === 0) {
    if (total > 0) return <p className="tt-trail-end">{t('live.noneOfThese', { count: total })}</p>;
    return <EmptyState icon={IconTimelineEvent} title={t('live.empty')} next={t('live.emptyNext')} />;
  }
  return (
    <ol className="tt-lines" aria-live="off">
      {rows.map((row) =>
        row.type === 'entry' ? (
          <TrailLine key={row.entry.index} entry={row.entry} />
        ) : (
          <li key={`gap-${row.from}`} className="tt-gap tt-hatched" data-testid="trail-gap">
            {t('live.gap', { count: row.count })}
          </li>
        ),
      )}
    </ol>
  );
}

function fits(row: TrailRow, filter: Filter): boolean {
  if (row.type === 'gap' || filter === 'all') return true;
  const weight = lookOfEntry(row.entry).weight;
  return filter === 'alerts' ? weight === 'alert' || weight === 'past' : row.entry.category === 'custody';
}

function countNewer(all: readonly TrailRow[], shown: readonly TrailRow[], filter: Filter): number {
  const top = shown.find((row) => row.type === 'entry');
  const newest = top?.type === 'entry' ? top.entry.index : -1;
  return all.filter((row) => row.type === 'entry' && row.entry.index > newest && fits(row, filter)).length;
}
