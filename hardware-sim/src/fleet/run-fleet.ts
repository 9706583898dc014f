import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { newId, type PersonId } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, repeat, sleep } from '@tagtrail/shared/time/clock.js';
import type { EnrolledCabinet, Enrolment } from './enrol-fleet.js';
import { planFleet, type Visit } from './fleet-plan.js';
import { createLatencies, type Latencies } from './latency.js';
import { visitEvents } from './visit-events.js';

/** A cabinet as the fleet plays it; `src/world` makes real ones. */
export interface PlayedCabinet {
  readonly id: string;
  record(draft: TraceDraft, urgency: 'now' | 'grouped'): Promise<TraceEvent>;
  connected(): boolean;
  last(): number;
  pending(): number;
  close(): Promise<void>;
}

export type OpenPlayedCabinet = (
  cabinet: EnrolledCabinet,
  onCommitted: (upTo: number) => void,
) => Promise<PlayedCabinet>;

export interface FleetOptions {
  readonly enrolment: Enrolment;
  readonly open: OpenPlayedCabinet;
  readonly visits: number;
  readonly durationMs: number;
  readonly peak: boolean;
  readonly clock: Clock;
  readonly random: Random;
  /** A line for a person, once a second. */
  readonly say: (line: string) => void;
}

export interface FleetFigures {
  readonly events: number;
  readonly seconds: number;
  readonly latencies: Latencies;
  /** The last sequence of each cabinet, by its id. */
  readonly recorded: ReadonlyMap<string, number>;
  /** Events that the cloud had not committed when the fleet gave up waiting. */
  readonly uncommitted: number;
}

/** Sockets that are opened at the same time: the broker takes 64 strangers of one address. */
const connectAtOnce = 24;
const drainWithinMs = 120_000;

/** Connects every cabinet, plays all visits, and waits until the cloud has committed everything. */
export async function runFleet(options: FleetOptions): Promise<FleetFigures> {
  const { clock, say } = options;
  const latencies = createLatencies();
  const players = await connectAll(options, latencies);
  const began = clock.monotonicMs();
  const ticker = repeat(clock, 'fleet figures', 1_000, () =>
    say(figuresLine(players, latencies, clock.monotonicMs() - began)),
  );
  try {
    await playAll(players, options);
    const until = clock.monotonicMs() + drainWithinMs;
    while (pendingOf(players) > 0 && clock.monotonicMs() < until) await sleep(clock, 'fleet drain', 50);
  } finally {
    ticker.cancel();
  }
  const seconds = (clock.monotonicMs() - began) / 1000;
  const figures = {
    ...{ seconds, latencies, events: latencies.count(), uncommitted: pendingOf(players) },
    recorded: new Map(players.map(({ cabinet }) => [cabinet.id, cabinet.last()])),
  };
  await Promise.all(players.map(({ cabinet }) => cabinet.close()));
  return figures;
}

interface Player {
  readonly cabinet: PlayedCabinet;
  readonly enrolled: EnrolledCabinet;
  readonly recordAt: (draft: TraceDraft, urgency: 'now' | 'grouped') => Promise<void>;
  holder: PersonId | null;
}

async function connectAll({ enrolment, open, clock, say }: FleetOptions, latencies: Latencies): Promise<Player[]> {
  const players: Player[] = [];
  const waiting = [...enrolment.cabinets];
  const work = async (): Promise<void> => {
    for (let enrolled = waiting.shift(); enrolled !== undefined; enrolled = waiting.shift()) {
      const player = await openPlayer(enrolled, { open, clock, latencies });
      players.push(player);
      while (!player.cabinet.connected()) await sleep(clock, 'fleet connects', 20);
    }
  };
  const ticker = repeat(clock, 'fleet connecting', 1_000, () =>
    say(`connected ${players.filter(({ cabinet }) => cabinet.connected()).length}/${enrolment.cabinets.length}`),
  );
  await Promise.all(Array.from({ length: connectAtOnce }, work));
  ticker.cancel();
  return players;
}

/** Latency runs from the call that records to the cloud's word that it is committed. */
async function openPlayer(
  enrolled: EnrolledCabinet,
  { open, clock, latencies }: Pick<FleetOptions, 'open' | 'clock'> & { latencies: Latencies },
): Promise<Player> {
  const askedMs = new Map<number, number>();
  let committed = 0;
  const cabinet = await open(enrolled, (upTo) => {
    const nowMs = clock.monotonicMs();
    for (let seq = committed + 1; seq <= upTo; seq++) {
      const at = askedMs.get(seq);
      if (at !== undefined) latencies.add(nowMs - at);
      askedMs.delete(seq);
    }
    committed = Math.max(committed, upTo);
  });
  return {
    ...{ cabinet, enrolled, holder: null },
    recordAt: async (draft, urgency) => {
      const atMs = clock.monotonicMs();
      const { seq } = await cabinet.record(draft, urgency);
      // The cloud may have been quicker than the promise.
      if (seq > committed) askedMs.set(seq, atMs);
      else latencies.add(clock.monotonicMs() - atMs);
    },
  };
}

async function playAll(players: readonly Player[], options: FleetOptions): Promise<void> {
  const { enrolment, clock, random, visits, durationMs, peak } = options;
  const people = enrolment.people.length;
  const plan = planFleet({ cabinets: players.length, people, visits, durationMs, peak, random });
  const began = clock.monotonicMs();
  // People queue at a cabinet: a visit there waits for the one before.
  const queues = new Map<number, Promise<void>>();
  for (const visit of plan) {
    const waitMs = visit.atMs - (clock.monotonicMs() - began);
    if (waitMs > 0) await sleep(clock, 'next visit', waitMs);
    const player = players[visit.cabinet];
    const person = enrolment.people[visit.person];
    if (player === undefined || person === undefined) continue;
    const before = queues.get(visit.cabinet) ?? Promise.resolve();
    queues.set(
      visit.cabinet,
      before.then(() => playVisit(player, { visit, person, clock, random })),
    );
  }
  await Promise.all(queues.values());
}

async function playVisit(
  player: Player,
  { visit, person, clock, random }: { visit: Visit; person: PersonId; clock: Clock; random: Random },
): Promise<void> {
  const { openForMs, countForMs } = visit;
  const events = visitEvents({
    ...{ person, openForMs, countForMs, holder: player.holder, tool: player.enrolled.tool },
    session: newId('session', clock.wallMs(), random),
  });
  for (const draft of events.atBadge) {
    // A session is on the disk before its lock opens; the rest shares a sync.
    await player.recordAt(draft, draft.kind === 'session.opened' ? 'now' : 'grouped');
  }
  await sleep(clock, 'visit: open', openForMs);
  for (const draft of events.atClose) await player.recordAt(draft, 'grouped');
  await sleep(clock, 'visit: count', countForMs);
  await Promise.all(events.atRest.map((draft) => player.recordAt(draft, 'now')));
  player.holder = player.holder === null ? person : null;
}

function pendingOf(players: readonly Player[]): number {
  return players.reduce((sum, { cabinet }) => sum + cabinet.pending(), 0);
}

function figuresLine(players: readonly Player[], latencies: Latencies, passedMs: number): string {
  const seconds = Math.max(1, Math.round(passedMs / 1000));
  const connected = players.filter(({ cabinet }) => cabinet.connected()).length;
  const [p50, p95, p99] = [50, 95, 99].map(latencies.percentile);
  return (
    `${String(seconds).padStart(4)} s  connected ${connected}/${players.length}  committed ${latencies.count()} ` +
    `(${Math.round(latencies.count() / seconds)}/s)  pending ${pendingOf(players)}  p50 ${p50} p95 ${p95} p99 ${p99} ms`
  );
}
