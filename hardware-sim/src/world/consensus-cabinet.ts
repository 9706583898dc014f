import { createHmac } from 'node:crypto';
import { parseEdgeConfig } from '@tagtrail/edge/config.js';
import type { SweepPlan } from '@tagtrail/edge/reader/reader.js';
import { indexRulebook } from '@tagtrail/edge/rules/rulebook-index.js';
import { emptyBook } from '@tagtrail/edge/session/book.js';
import { type CabinetDevices, createCabinet, type Cabinet as EdgeCabinet } from '@tagtrail/edge/session/cabinet.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { PersonId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { below, chance, type Random } from '@tagtrail/shared/random/random.js';
import { badgeHashText, type Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { type Clock, type Timer, wallIso } from '@tagtrail/shared/time/clock.js';
import { usualAirTimes } from '../devices/uhf-reader/reader-model.js';
import type { AirRead } from '../field/air.js';
import { createField, type Field } from '../field/field.js';
import { neighbourReads } from '../field/foreign-tags.js';
import { createTagFlags, type Query, usualPersistence } from '../field/tag-flags.js';

/** How hard it is to count in this cabinet. */
export interface Conditions {
  /** Share of what an antenna would have heard that it misses. */
  readonly missedPercent: number;
  /** Tags that pass by, heard in a sweep over all antennas. */
  readonly straysPerRound: number;
  /** Chance that the last antenna hears a tag in the cabinet behind the wall, in one sweep. */
  readonly neighbourPercent: number;
  /** Share of the tools that lie behind metal. */
  readonly shadowedPercent: number;
}

export interface StockItem {
  readonly epc: string;
  readonly antenna: number;
  readonly shadowed: boolean;
}

/** The agent's inventory and session over the simulated field, without bytes and without a disk. */
export interface ConsensusCabinet {
  readonly field: Field;
  readonly edge: EdgeCabinet;
  /** What the agent recorded since the last `take`. */
  takeEvents(): readonly TraceEvent[];
  /** EPCs that lie in the cabinet behind the wall. */
  readonly nextDoor: Set<string>;
  badge(number: string): void;
  door(state: 'open' | 'closed'): void;
}

export interface ConsensusCabinetOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly conditions: Conditions;
  readonly rulebook: Rulebook;
  readonly stock: readonly StockItem[];
  readonly nextDoor: readonly string[];
}

const antennas = 4;
/** A reader searches at least this long, however few tags answer. */
const searchMs = 250;

const { devices, session, presence } = parseEdgeConfig(
  '{ credentials: none, data: none, devices: { uhf: { path: uhf }, badge: { path: badge }, lock: { path: lock } } }',
);

export function createConsensusCabinet(options: ConsensusCabinetOptions): ConsensusCabinet {
  const { clock, random, conditions } = options;
  const field = createField({
    random: random.fork('field'),
    antennas,
    tags: options.stock.map((item) => ({ ...item, inside: true })),
    strayPerRound: conditions.straysPerRound,
  });
  const nextDoor = new Set(options.nextDoor);
  const rules = indexRulebook(options.rulebook);
  let events: TraceEvent[] = [];
  let seq = 0;
  const record = async (draft: TraceDraft): Promise<TraceEvent> => {
    seq += 1;
    const mono = Math.floor(clock.monotonicMs());
    const event: TraceEvent = { ...draft, seq, at: wallIso(clock), mono, boot: '0011223344556677' };
    events.push(event);
    return event;
  };

  let badge: (number: string) => void = () => {};
  let door: (state: 'open' | 'closed') => void = () => {};
  const air = listeningTo({ field, nextDoor, conditions, random: random.fork('air') });
  const edge: EdgeCabinet = createCabinet({
    config: { devices, session, presence },
    devices: {
      uhf: sweepingReader(clock, air, () => isListening(edge)),
      badge: (listener) => {
        badge = listener.onBadge;
        return ready(() => listener.onReport({ status: 'ok', detail: null }));
      },
      lock: (listener) => {
        door = (state) => {
          field.setDoorOpen(state === 'open');
          listener.onDoor(1, state);
        };
        const begin = (): void => {
          listener.onDoor(1, 'closed');
          listener.onReport({ status: 'ok', detail: null });
        };
        return { ...ready(begin), unlock: async () => {} };
      },
    },
    recorder: { record },
    rules: () => rules,
    book: emptyBook,
    recovered: null,
    clock,
    random: random.fork('agent'),
    log: silentLog,
    onChange: () => {},
  });
  return {
    field,
    edge,
    nextDoor,
    badge: (number) => badge(number),
    door: (state) => door(state),
    takeEvents: () => {
      const taken = events;
      events = [];
      return taken;
    },
  };
}

function ready(begin: () => void) {
  return { start: begin, close: async () => {} };
}

/** Sweeps that nobody counts and nobody can disturb are not drawn: most of the time a cabinet is closed and idle. */
function isListening(edge: EdgeCabinet): boolean {
  const { phase, owed } = edge.session.state;
  if (phase.kind === 'idle') return owed !== null || phase.watching !== null;
  return phase.kind === 'open' || phase.kind === 'settling' || phase.kind === 'counting';
}

interface Air {
  hear(antenna: number): readonly AirRead[];
  hearsSelect(): boolean;
}

function listeningTo(air: {
  readonly field: Field;
  readonly nextDoor: ReadonlySet<string>;
  readonly conditions: Conditions;
  readonly random: Random;
}): Air {
  const { field, nextDoor, conditions, random } = air;
  const missed = random.fork('missed');
  const wall = random.fork('wall');
  const selects = random.fork('selects');
  return {
    hear: (antenna) => {
      const inside = field.round(antenna, 0).filter(() => !chance(missed, conditions.missedPercent, 100));
      if (antenna !== antennas) return inside;
      return [...inside, ...neighbourReads([...nextDoor], wall, conditions.neighbourPercent)];
    },
    hearsSelect: () => !chance(selects, conditions.missedPercent, 100),
  };
}

/**
 * A reader whose sweep over all antennas takes its search time, or what the air needs where many
 * tags answer. It can be told whom to ask, and its tags remember what they answered.
 */
function sweepingReader(clock: Clock, air: Air, isListening: () => boolean): CabinetDevices['uhf'] {
  return (listener) => {
    const flags = createTagFlags(usualPersistence, air.hearsSelect);
    let plan: SweepPlan = { kind: 'usual' };
    let visiting: Timer | undefined;
    const visit = (antenna: number): void => {
      const query = queries[plan.kind](plan);
      const reads = isListening() ? flags.answers(air.hear(antenna), query, clock.monotonicMs()) : [];
      const named = plan.kind === 'only' ? plan.epcs.length : 0;
      const airMs = usualAirTimes.roundMs + selectEpcMs * named + usualAirTimes.tagMs * reads.length;
      const stayMs = plan.kind === 'usual' ? searchMs / antennas : shortStayMs;
      visiting = clock.startTimer('antenna', Math.max(stayMs, airMs), () => {
        for (const { epc, rssiDbm, count } of reads) {
          listener.onRead({ epc, antenna, rssiDbm, count, atMs: clock.monotonicMs() });
        }
        if (antenna === antennas) listener.onRoundEnd();
        visit(antenna === antennas ? 1 : antenna + 1);
      });
    };
    const begin = (): void => {
      listener.onReport({ status: 'ok', detail: null });
      visit(1);
    };
    return {
      ...ready(begin),
      focusLimit: 3,
      setPlan: async (next, begins) => {
        visiting?.cancel();
        plan = next;
        begins();
        visit(1);
        return true;
      },
    };
  };
}

const shortStayMs = 15;
/** A Select with the last 64 bits of an EPC for its mask, which the driver of a Mercury module sends. */
const selectEpcMs = usualAirTimes.selectMs + 64 * usualAirTimes.selectBitMs;

const everybody = { matches: () => true, matching: 'on', other: 'keep' } as const;

/** What the plans of a Mercury module mean to a tag. */
const queries: Readonly<Record<SweepPlan['kind'], (plan: SweepPlan) => Query>> = {
  usual: () => ({
    ...{ session: 's1', target: 'both' },
    selects: [
      { ...everybody, flag: 'sl' },
      { ...everybody, flag: 's2' },
    ],
  }),
  rest: () => ({ session: 's2', target: 'a', selects: [] }),
  only: (plan) => {
    const epcs = new Set(plan.kind === 'only' ? plan.epcs : []);
    const named = { matches: (epc: string) => epcs.has(epc), matching: 'on', other: 'off' } as const;
    return { session: 's1', target: 'both', selects: [{ ...named, flag: 'sl' }] };
  },
};

export const badgeKey = '0'.repeat(64);

export function badgeHashOf(number: string): string {
  return createHmac('sha256', Buffer.from(badgeKey, 'hex')).update(badgeHashText(number)).digest('hex');
}

export function badgeNumberOf(index: number): string {
  return (index + 1).toString(16).toUpperCase().padStart(10, '0');
}

export interface Technician {
  readonly person: PersonId;
  readonly badge: string;
}

/** A 96-bit EPC of this customer. */
export function customerEpc(random: Random): string {
  return `3034257BF7194E4${below(random, 0xfff_ffff).toString(16).toUpperCase().padStart(9, '0')}`;
}
