import type { Checker, Look, RunRecord } from './run-record.js';

/**
 * The version of an asset is the index of its newest line. A screen goes back only where the trail itself
 * did, in a cloud that was restored; and once all is quiet it shows what is committed, without a hole.
 */
export const monotoneScreen: Checker = {
  id: 'I13',
  sentence: 'a screen never shows an older version of an asset after a newer one, and ends on the newest of all',
  check: ({ looks, committed }) => [
    ...looks.flatMap((look, at) => (at === 0 ? [] : wentBack(looks[at - 1] as Look, look))),
    ...endsOn(looks.at(-1), committed),
  ],
};

function wentBack(before: Look, after: Look): readonly string[] {
  if (before.trail !== after.trail) return [];
  return [...before.newest].flatMap(([asset, index]) => {
    const shown = after.newest.get(asset);
    if (shown === undefined) return after.truncated ? [] : [`asset ${asset} vanished from the screen`];
    return shown >= index ? [] : [`asset ${asset} was shown as of line ${index}, and then as of ${shown}`];
  });
}

function endsOn(last: Look | undefined, committed: RunRecord['committed']): readonly string[] {
  if (committed.length === 0) return [];
  if (last === undefined) return ['the screen never showed the trail'];
  const newest = new Map<string, number>();
  for (const { assetId, index } of committed) if (assetId !== null) newest.set(assetId, index);
  const stale = [...newest].flatMap(([asset, index]) => {
    const shown = last.newest.get(asset);
    if (shown === index || (shown === undefined && last.truncated)) return [];
    return [`asset ${asset} ends on line ${shown ?? 'none'} of the screen; the trail has ${index}`];
  });
  return last.holes === 0 ? stale : [...stale, `${last.holes} holes are left on the screen`];
}
