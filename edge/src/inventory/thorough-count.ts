import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import type { EffortInForce, ReadEffort } from '../reader/reader.js';
import type { Inventory } from './inventory.js';
import type { InventorySnapshot } from './presence.js';

export interface ThoroughCountOptions {
  readonly inventory: Pick<Inventory, 'begin' | 'cancel'>;
  /** As `UhfReader`; resolves to null where the reader cannot. */
  setEffort(effort: ReadEffort): Promise<EffortInForce | null>;
}

export interface ThoroughCount extends Pick<Inventory, 'begin' | 'cancel'> {
  /** A read as it would have been at the usual power: a tag next door must not look like one inside. */
  asUsual(read: TagRead): TagRead;
  /** The count is over: the reader falls back. Says with what power it was made. */
  settled(snapshot: InventorySnapshot): InventorySnapshot;
}

/** Has the reader read harder for a count that somebody doubts, and lets it fall back after it. */
export function createThoroughCount({ inventory, setEffort }: ThoroughCountOptions): ThoroughCount {
  let inForce: EffortInForce | null = null;
  /** The count at hand; what was asked of the reader for another one is not heard any more. */
  let count = 0;
  let isThorough = false;

  const fallBack = (): void => {
    count += 1;
    inForce = null;
    if (!isThorough) return;
    isThorough = false;
    void setEffort('usual');
  };

  return {
    begin: (inside, manner, perhapsBack) => {
      fallBack();
      if (manner !== 'thorough') {
        inventory.begin(inside, manner, perhapsBack);
        return;
      }
      const mine = count;
      isThorough = true;
      void setEffort('thorough').then((effort) => {
        if (mine !== count) return;
        inForce = effort;
        inventory.begin(inside, manner);
      });
    },
    cancel: () => {
      fallBack();
      inventory.cancel();
    },
    asUsual: (read) => (inForce === null ? read : { ...read, rssiDbm: read.rssiDbm - Math.round(inForce.raisedDb) }),
    settled: (snapshot) => {
      const made = inForce === null ? snapshot : { ...snapshot, readPowerDbm: inForce.readPowerDbm };
      fallBack();
      return made;
    },
  };
}
