import { below, chance, pick, type Random } from '@tagtrail/shared/random/random.js';

/** What one seed of the swarm does: people come and go while things go wrong, each at its time. */
export type SwarmAct =
  | {
      readonly kind: 'visit';
      readonly who: string;
      readonly moves: number;
      readonly lingerMs: number;
      readonly force: boolean;
      /** Comes again when the door stays shut. */
      readonly patient: boolean;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | {
      readonly kind: 'fault';
      readonly fault: string;
      readonly device: 'uhf' | 'badge' | 'lock';
      readonly forMs: number;
    }
  | { readonly kind: 'power cut'; readonly afterMs: number; readonly forMs: number }
  | { readonly kind: 'network'; readonly weather: 'parted' | 'lossy' | 'slow' | 'fine' }
  | { readonly kind: 'broker restart' }
  | { readonly kind: 'cloud'; readonly up: boolean }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'disk'; readonly what: 'full' | 'free' | 'refuses' | 'short' | 'whole' }
  | { readonly kind: 'restart agent' };

export interface SwarmPlan {
  readonly readPercent: number;
  readonly acts: readonly SwarmAct[];
}

const visitors = ['ana', 'ben', 'chloe', 'david', 'ana', 'ben', 'lost-badge', 'stranger'] as const;

/** Faults that pass by themselves, each on a device that it can befall. */
const deviceFaults = [
  ['garble', 'uhf'],
  ['garble', 'badge'],
  ['noise', 'uhf'],
  ['noise', 'lock'],
  ['dropped-bytes', 'uhf'],
  ['dropped-bytes', 'lock'],
  ['slow', 'uhf'],
  ['silent', 'uhf'],
  ['silent', 'lock'],
  ['silent', 'badge'],
  ['restart', 'uhf'],
  ['restart', 'lock'],
  ['unplug', 'uhf'],
  ['unplug', 'badge'],
  ['unplug', 'lock'],
  ['missed-reads', 'uhf'],
  ['stray-reads', 'uhf'],
  ['neighbour', 'uhf'],
  ['antenna-lost', 'uhf'],
  ['jam', 'lock'],
  ['board-refuses', 'lock'],
] as const;

const dayMs = 86_400_000;

/** The plan of a seed. Every draw comes from `random`; the same dice make the same plan. */
export function planSwarm(random: Random): SwarmPlan {
  const acts: SwarmAct[] = [];
  const visits = 3 + below(random, 3);
  for (let index = 0; index < visits; index++) {
    // Trouble comes before the visit that it befalls: its own delay carries it into the middle.
    for (let troubles = below(random, 3); troubles > 0; troubles--) acts.push(drawTrouble(random));
    acts.push(drawVisit(random));
    if (chance(random, 1, 3)) acts.push({ kind: 'wait', ms: below(random, 5_000) });
  }
  const readPercent = 70 + below(random, 26);
  return { readPercent, acts: withShortWrites(acts, random.fork('short writes')) };
}

/** In one plan of three there is a stretch in which writes take only a part; dice of their own leave the rest as it is. */
function withShortWrites(acts: readonly SwarmAct[], random: Random): readonly SwarmAct[] {
  if (!chance(random, 1, 3)) return acts;
  const from = below(random, acts.length);
  const to = from + 1 + below(random, acts.length - from);
  const begin: SwarmAct = { kind: 'disk', what: 'short' };
  const end: SwarmAct = { kind: 'disk', what: 'whole' };
  return [...acts.slice(0, from), begin, ...acts.slice(from, to), end, ...acts.slice(to)];
}

function drawVisit(random: Random): SwarmAct {
  return {
    kind: 'visit',
    who: pick(random, visitors),
    moves: below(random, 5),
    lingerMs: 300 + below(random, 3_000),
    force: chance(random, 1, 12),
    patient: chance(random, 2, 3),
  };
}

function drawTrouble(random: Random): SwarmAct {
  switch (below(random, 10)) {
    case 0:
    case 1:
      return { kind: 'power cut', afterMs: below(random, 12_000), forMs: 500 + below(random, 8_000) };
    case 2:
      return { kind: 'network', weather: pick(random, ['parted', 'lossy', 'slow', 'fine'] as const) };
    case 3:
      return { kind: 'broker restart' };
    case 4:
      return { kind: 'cloud', up: chance(random, 1, 2) };
    case 5:
      return { kind: 'clock', byMs: below(random, 4 * dayMs) - 2 * dayMs };
    case 6:
      return { kind: 'disk', what: pick(random, ['full', 'free', 'free', 'refuses'] as const) };
    case 7:
      return { kind: 'restart agent' };
    default: {
      const [fault, device] = pick(random, deviceFaults);
      return { kind: 'fault', fault, device, forMs: 500 + below(random, 12_000) };
    }
  }
}

/** One act in words, for the person who looks at a failing seed. */
export function describeAct(act: SwarmAct): string {
  const { kind, ...rest } = act;
  return [kind, ...Object.entries(rest).map(([key, value]) => `${key}=${value}`)].join(' ');
}
