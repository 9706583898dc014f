import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { below, chance, pick, type Random, randomBytes } from '@tagtrail/shared/random/random.js';

export interface ShiftPerson {
  readonly name: string;
  /** Ten hexadecimal digits. */
  readonly badge: string;
  readonly groups: readonly string[];
}

export interface ShiftItem {
  readonly epc: string;
  readonly label: string;
  /** The cabinet it belongs to. */
  readonly cabinet: string;
  /** Only people of one of these groups take it; empty means everybody. */
  readonly groups: readonly string[];
  /** It lies in its cabinet when the shift begins. */
  readonly inside: boolean;
}

export interface ShiftOptions {
  readonly random: Random;
  readonly cabinets: readonly string[];
  readonly people: readonly ShiftPerson[];
  readonly items: readonly ShiftItem[];
}

/** One person at one cabinet. */
export interface ShiftStep {
  readonly kind: 'visit' | 'unused-unlock' | 'unknown-badge';
  readonly cabinet: string;
  readonly name: string;
  readonly badge: string;
  /** What they mean to take and to bring back. */
  readonly take: readonly string[];
  readonly bringBack: readonly string[];
}

/** What came of a step: what really was taken and brought back. */
export interface StepOutcome {
  readonly taken: readonly string[];
  readonly broughtBack: readonly string[];
}

/** Where things are, as far as the people of the shift know. */
export interface ShiftState {
  /** Cabinet of the last step: nobody queues where somebody else has just been. */
  readonly lastCabinet: string | undefined;
  /** By EPC: whose hands the item is in; undefined when it is out and nobody remembers with whom. */
  readonly out: ReadonlyMap<string, string | undefined>;
}

/** No more than this share of all items is out at a time, in percent. */
const mostOutPercent = 35;
const unknownBadgePercent = 4;
const unusedUnlockPercent = 4;
/** A person with something in their hands comes to bring it back rather than to take more. */
const bringBackPercent = 55;
/** Colleagues bring back what another one took. */
const othersItemPercent = 20;

/**
 * A shift without an end: people come one at a time, take tools, bring their own back or somebody
 * else's; now and then a badge that nobody knows, or a door that is unlocked and never opened. The
 * outcome of each step is handed back to `next`; without one, everything went as meant.
 */
export function* planShift(options: ShiftOptions): Generator<ShiftStep, never, StepOutcome | undefined> {
  let state: ShiftState = {
    lastCabinet: undefined,
    out: new Map(options.items.filter((item) => !item.inside).map((item) => [item.epc, undefined])),
  };
  for (;;) {
    const step = nextStep(state, options);
    const outcome = yield step;
    state = afterStep(state, step, outcome ?? { taken: step.take, broughtBack: step.bringBack });
  }
}

/** What happens next, from where things are. */
export function nextStep(state: ShiftState, { random, cabinets, people, items }: ShiftOptions): ShiftStep {
  const elsewhere = cabinets.filter((cabinet) => cabinet !== state.lastCabinet);
  const cabinet = pick(random, elsewhere.length > 0 ? elsewhere : cabinets);
  const nothing = { cabinet, take: [], bringBack: [] };
  if (chance(random, unknownBadgePercent, 100)) {
    return { ...nothing, kind: 'unknown-badge', name: 'somebody unknown', badge: `7F${toHex(randomBytes(random, 4))}` };
  }
  const { name, badge, groups } = pick(random, people);
  if (chance(random, unusedUnlockPercent, 100)) return { ...nothing, kind: 'unused-unlock', name, badge };

  const here = items.filter((item) => item.cabinet === cabinet);
  const mine = here.filter((item) => state.out.get(item.epc) === badge);
  const others = here.filter((item) => state.out.has(item.epc) && state.out.get(item.epc) !== badge);
  const full = state.out.size * 100 >= items.length * mostOutPercent;
  const bringMine = mine.length > 0 && (full || chance(random, bringBackPercent, 100)) ? some(random, mine) : [];
  const bringOthers =
    others.length > 0 && (full || chance(random, othersItemPercent, 100)) ? [pick(random, others)] : [];
  const bringBack = [...bringMine, ...bringOthers];

  const free = here.filter((item) => !state.out.has(item.epc) && allowed(item, groups));
  const takes = !full && free.length > 0 && (bringBack.length === 0 || chance(random, 1, 4));
  return {
    kind: 'visit',
    cabinet,
    name,
    badge,
    take: epcsOf(takes ? some(random, free) : []),
    bringBack: epcsOf(bringBack),
  };
}

/** Where things are after a step. */
export function afterStep(state: ShiftState, step: ShiftStep, outcome: StepOutcome): ShiftState {
  const out = new Map(state.out);
  for (const epc of outcome.broughtBack) out.delete(epc);
  for (const epc of outcome.taken) out.set(epc, step.badge);
  return { lastCabinet: step.cabinet, out };
}

function allowed(item: ShiftItem, groups: readonly string[]): boolean {
  return item.groups.length === 0 || item.groups.some((group) => groups.includes(group));
}

/** One of the list, sometimes two, now and then three. */
function some<T>(random: Random, list: readonly T[]): readonly T[] {
  const wanted = [1, 1, 1, 2, 2, 3][below(random, 6)] ?? 1;
  const left = [...list];
  const chosen: T[] = [];
  while (chosen.length < wanted && left.length > 0) chosen.push(...left.splice(below(random, left.length), 1));
  return chosen;
}

function epcsOf(items: readonly ShiftItem[]): readonly string[] {
  return items.map((item) => item.epc);
}
