import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { KitView } from '@tagtrail/shared/api/kit.js';

/**
 * A kit with its children as far as they are known. `unseen` children lie at sites that the user may
 * not see: of them nothing is said, so with them nothing is known to be complete.
 */
export function kitView(kit: AssetView, children: readonly AssetView[], unseen: number): KitView {
  const shown = children.map((child) => ({
    ...{ asset: { id: child.id, name: child.name }, state: child.state, cabinet: child.cabinet, holder: child.holder },
    with_kit: isWith(kit, child),
  }));
  const seen = [kit, ...children];
  const asOf = seen.map(({ as_of }) => as_of);
  return {
    ...{ id: kit.id, name: kit.name, site: kit.site, state: kit.state, cabinet: kit.cabinet, holder: kit.holder },
    children: shown,
    complete: isComplete(shown, unseen),
    fresh: unseen === 0 && seen.every(({ fresh }) => fresh),
    as_of: asOf.includes(null) ? null : (asOf.sort()[0] ?? null),
  };
}

/** Null while nobody knows where one of the two is. */
function isWith(kit: AssetView, child: AssetView): boolean | null {
  if (kit.state === 'unknown' || child.state === 'unknown') return null;
  if (child.state === 'missing' || child.state === 'retired') return false;
  if (kit.disputed || child.disputed) return null;
  const away = (asset: AssetView): boolean => asset.state === 'out';
  if (away(kit) !== away(child)) return false;
  // Out without a name is out with nobody knows whom.
  if (away(kit)) return kit.holder === null || child.holder === null ? null : kit.holder.id === child.holder.id;
  return kit.cabinet === null || child.cabinet === null ? null : kit.cabinet.id === child.cabinet.id;
}

const unfit: ReadonlySet<string> = new Set(['missing', 'quarantine', 'calibration', 'retired']);

function isComplete(children: KitView['children'], unseen: number): boolean | null {
  if (children.some(({ with_kit, state }) => with_kit === false || unfit.has(state))) return false;
  return unseen > 0 || children.some(({ with_kit }) => with_kit === null) ? null : true;
}
