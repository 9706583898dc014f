import type { Random } from '@tagtrail/shared/random/random.js';
import type { Air, AirRead } from './air.js';
import { foreignEpcs, neighbourReads, strayReads } from './foreign-tags.js';
import { type Physics, readTag, usualPhysics } from './read-chance.js';
import type { Tag } from './tag.js';

/**
 * The inside of one cabinet: where its tags are, and what its antennas hear of them. Every tag has
 * its own dice at every antenna, so that adding one tag leaves the reads of all others as they are.
 */
export interface Field extends Air {
  tags(): readonly Tag[];
  tag(epc: string): Tag | undefined;
  /** Adds a tag, or moves and relabels a known one. A tag taken out through an open door is held in front of it. */
  place(tag: NewTag): Tag;
  remove(epc: string): boolean;
  /** Open doors let tags in front of the cabinet be heard; closing the last one sends people away. */
  setDoorOpen(open: boolean): void;
}

export interface NewTag {
  readonly epc: string;
  readonly inside: boolean;
  readonly label?: string;
  readonly antenna?: number;
  readonly shadowed?: boolean;
}

export interface FieldOptions {
  readonly random: Random;
  readonly antennas: number;
  readonly tags: readonly NewTag[];
  readonly physics?: Partial<Physics>;
  /** Tags that pass by, on average in one sweep over all antennas. */
  readonly strayPerRound?: number;
  /** Tags of a cabinet behind the wall, heard by the last antenna. */
  readonly neighbourTags?: readonly string[];
}

const neighbourPercent = 10;

export function createField(options: FieldOptions): Field {
  const physics = { ...usualPhysics, ...options.physics };
  const { random, antennas, strayPerRound = 0, neighbourTags = [] } = options;
  const placed = new Map<string, { tag: Tag; dice: readonly Random[] }>();
  const passersBy = foreignEpcs(random.fork('passers-by'), 20);
  const strayDice = antennaDice(random, 'stray', antennas);
  const neighbourDice = random.fork('neighbour');
  let doorOpen = false;

  const place = (next: NewTag): Tag => {
    const known = placed.get(next.epc);
    const tag: Tag = {
      epc: next.epc,
      label: next.label ?? known?.tag.label ?? next.epc,
      inside: next.inside,
      antenna: next.antenna ?? known?.tag.antenna ?? 1,
      shadowed: next.shadowed ?? known?.tag.shadowed ?? false,
      atDoor: !next.inside && doorOpen,
    };
    placed.set(next.epc, { tag, dice: known?.dice ?? antennaDice(random, `tag/${next.epc}`, antennas) });
    return tag;
  };
  for (const tag of options.tags) place(tag);

  const round = (antenna: number): readonly AirRead[] => {
    const reads: AirRead[] = [];
    for (const { tag, dice } of placed.values()) {
      const own = dice[antenna - 1];
      const read = own && readTag(tag, antenna, { physics, random: own });
      if (read) reads.push(read);
    }
    const strays = strayDice[antenna - 1];
    if (strays) reads.push(...strayReads(passersBy, strays, { perSweep: strayPerRound, antennas }));
    if (antenna === antennas) reads.push(...neighbourReads(neighbourTags, neighbourDice, neighbourPercent));
    return reads;
  };

  return {
    round,
    tags: () => [...placed.values()].map(({ tag }) => tag),
    tag: (epc) => placed.get(epc)?.tag,
    place,
    remove: (epc) => placed.delete(epc),
    setDoorOpen: (open) => {
      doorOpen = open;
      if (open) return;
      for (const entry of placed.values()) if (entry.tag.atDoor) entry.tag = { ...entry.tag, atDoor: false };
    },
  };
}

function antennaDice(random: Random, name: string, antennas: number): readonly Random[] {
  return Array.from({ length: antennas }, (_, i) => random.fork(`${name}/antenna-${i + 1}`));
}
