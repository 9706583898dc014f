import { idFromUuid } from '@tagtrail/shared/ids.js';
import { parseTopic } from '@tagtrail/shared/mqtt/topics.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Enrolment } from '../fleet/enrol-fleet.js';
import { runFleet } from '../fleet/run-fleet.js';
import { createTrailCheck } from '../fleet/verify-trail.js';
import { type Cast, createCast } from './cast.js';
import { joinFleetCabinet } from './fleet-cabinet.js';
import { createMemoryCloud, type MemoryCloud } from './memory-cloud.js';
import { createNetwork, type NetworkWeather } from './network.js';
import { createWorldClock, type WorldClock } from './world-clock.js';
import { createWorldDisk } from './world-disk.js';

export interface FleetWorldOptions {
  readonly seed: string | number;
  readonly cabinets: number;
  /** How often each cabinet is used. */
  readonly visits: number;
  readonly durationMs: number;
  readonly weather: NetworkWeather;
}

export interface FleetWorldFigures {
  readonly events: number;
  readonly lost: number;
  readonly doubled: number;
  /** From the call that records to the cloud's word that it is committed, of 99 in 100 events. */
  readonly p99Ms: number;
}

/** Nothing that a fleet still waits for takes longer than this after the last visit. */
const drainsWithinMs = 600_000;
const segmentBytes = 8 * 1024;

/**
 * A change of shift at many cabinets of one customer, on virtual time: each is the agent's real journal,
 * signature and uplink, and the ingest decides over one log for each; all of them wait for one database.
 */
export async function playFleetWorld(options: FleetWorldOptions): Promise<FleetWorldFigures> {
  const random = seededRandom(options.seed).fork('fleet');
  const clock = createWorldClock();
  const network = createNetwork(clock, random.fork('network'));
  network.setWeather(options.weather);
  const commit = oneAtATime(clock);
  const clouds = new Map<string, MemoryCloud>();
  const casts = Array.from({ length: options.cabinets }, (_, number) =>
    castOf(createCast(random.fork(`cast/${number}`)), number),
  );
  for (const cast of casts) {
    const cloudDice = random.fork(`cloud/${cast.cabinet.id}`);
    clouds.set(cast.cabinet.cabinet, createMemoryCloud({ cast, clock, random: cloudDice, send: network.send, commit }));
  }
  network.onUp((topic, payload) => clouds.get(parseTopic(topic)?.cabinet ?? '')?.receive(topic, payload));
  let figures: Awaited<ReturnType<typeof runFleet>> | undefined;
  void runFleet({
    ...{ clock, random: random.fork('people'), visits: options.visits, durationMs: options.durationMs, peak: true },
    enrolment: enrolmentOf(casts),
    say: () => {},
    open: ({ credentials }, onCommitted) => {
      const identity = { tenant: credentials.tenant, cabinet: credentials.cabinet } as const;
      return joinFleetCabinet({
        ...{ credentials, clock, onCommitted, segmentBytes, random: random.fork(credentials.cabinet) },
        disk: createWorldDisk().directory('journal'),
        transport: network.connect(identity as Parameters<typeof network.connect>[0], clock),
      });
    },
  }).then((ended) => {
    figures = ended;
  });
  await clock.advanceUntil(() => figures !== undefined, options.durationMs + drainsWithinMs);
  return heldAgainst(clouds, figures);
}

function heldAgainst(
  clouds: ReadonlyMap<string, MemoryCloud>,
  figures: Awaited<ReturnType<typeof runFleet>> | undefined,
): FleetWorldFigures {
  if (figures === undefined) return { events: 0, lost: Number.POSITIVE_INFINITY, doubled: 0, p99Ms: drainsWithinMs };
  const check = createTrailCheck();
  for (const [id, { entries }] of clouds) {
    check.add(entries.map(({ seq, kind, status }) => ({ cabinet: { id, name: id }, sequence: seq, kind, status })));
  }
  const { lost, doubled } = check.result(figures.recorded);
  return { events: figures.events, lost, doubled, p99Ms: figures.latencies.percentile(99) };
}

/** One database: commits of all cabinets stand in one queue. */
function oneAtATime(clock: WorldClock): (tookMs: number, act: () => void) => void {
  let freeMs = 0;
  return (tookMs, act) => {
    freeMs = Math.max(freeMs, clock.monotonicMs()) + tookMs;
    clock.startTimer('commit', freeMs - clock.monotonicMs(), act);
  };
}

/** The same people and tools at a cabinet of its own. */
function castOf(cast: Cast, number: number): Cast {
  const id = `019a0000-0007-7000-8000-${(number + 1).toString(16).padStart(12, '0')}`;
  return { ...cast, cabinet: { id, cabinet: idFromUuid('cabinet', id), name: `B${number + 1}` } };
}

function enrolmentOf(casts: readonly Cast[]): Enrolment {
  return {
    people: casts[0]?.people.map(({ person }) => person) ?? [],
    cabinets: casts.map(({ tenant, cabinet, signingKey, tools }, number) => {
      const own = tools[number % tools.length] as Cast['tools'][number];
      const place = { tenant: tenant.tenant, cabinet: cabinet.cabinet, name: cabinet.name, site: 'Hangar' };
      return {
        credentials: { ...place, mqttUrl: 'mqtt://in.memory', secret: 'none', signingKey },
        tool: { id: idFromUuid('asset', own.id), epc: own.epc, name: own.name },
      };
    }),
  };
}
