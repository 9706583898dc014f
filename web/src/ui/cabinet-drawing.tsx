import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { useTranslation } from 'react-i18next';
import { placesOf } from '../data/freshness.js';

type Place = 'filled' | 'disputed' | 'missing' | 'empty';

/** How wide a drawer is; a cabinet with few tools still looks like a cabinet. */
const drawerPlaces = 8;
const fewestDrawers = 3;
const mostPlaces = 64;

/** The places of a cabinet in drawers. Which place a tool has is not known, so filled ones come first. */
export function drawersOf(counts: CabinetView['counts']): Place[][] {
  const { filled, disputed, missing, empty } = placesOf(counts);
  const total = filled + disputed + missing + empty;
  // A large cabinet is drawn to scale: one place then stands for several tools.
  const scale = total > mostPlaces ? mostPlaces / total : 1;
  const some = (count: number): number => (count === 0 ? 0 : Math.max(1, Math.round(count * scale)));
  const places: Place[] = [
    ...new Array<Place>(some(filled)).fill('filled'),
    ...new Array<Place>(some(disputed)).fill('disputed'),
    ...new Array<Place>(some(missing)).fill('missing'),
    ...new Array<Place>(some(empty)).fill('empty'),
  ];
  const count = Math.max(fewestDrawers, Math.ceil(places.length / drawerPlaces));
  const width = Math.ceil(places.length / count);
  return Array.from({ length: count }, (_, drawer) => places.slice(drawer * width, (drawer + 1) * width));
}

/** A cabinet as a thing: body, door edge, drawers with filled and empty places. */
export function CabinetDrawing({ cabinet, old }: { cabinet: CabinetView; old: boolean }) {
  const { t } = useTranslation();
  const places = placesOf(cabinet.counts);
  const open = cabinet.doors.some((door) => door.state === 'open');
  const label = t('cabinet.drawing', {
    inside: places.filled,
    empty: places.empty,
    missing: places.missing,
    disputed: places.disputed,
  });
  return (
    <div className="tt-cabinet" data-open={open} data-old={old} role="img" aria-label={label}>
      <div className="tt-cabinet-body">
        {drawersOf(cabinet.counts).map((drawer, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: drawers have no identity but their position.
          <div className="tt-drawer" key={at}>
            {drawer.map((place, nth) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor do places.
              <i key={nth} data-place={place} />
            ))}
          </div>
        ))}
      </div>
      <div className="tt-cabinet-door" />
    </div>
  );
}
