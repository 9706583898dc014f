import { fromHex } from '@tagtrail/shared/bytes/hex.js';
import { AppError } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { OpenLink } from '@tagtrail/shared/serial/link.js';
import { encodeTraceLine, type TraceDevice, traceHead } from '@tagtrail/shared/serial/trace.js';
import { readTrace } from '../replay/read-trace.js';
import { startReplay } from '../replay/replay.js';
import { createMemoryLine, type MemoryLine } from '../serve/memory.js';
import { type Cast, createCast } from './cast.js';
import { createEdgeMachine } from './edge-machine.js';
import { createMemoryCloud } from './memory-cloud.js';
import { createNetwork } from './network.js';
import type { LineBytes } from './world.js';
import { createWorldClock, worldBeginsAtMs } from './world-clock.js';

export interface ReplayedRecording {
  readonly pieces: readonly LineBytes[];
  /** Of the world that was recorded: who is known there follows from it. */
  readonly seed: string | number;
  /** Settings of the agent's inventory that differ from their defaults, as in its settings file. */
  readonly presence: Readonly<Record<string, number>>;
}

/** After the last byte the agent counts to the end, and writes down what it found. */
const concludesWithinMs = 15_000;

/**
 * What another agent concludes from the bytes that the lines of one cabinet carried: the same drivers,
 * rules and dice, on a disk of its own, on virtual time.
 * @throws SettingsError for a setting that the agent does not have.
 */
export async function replayRecording({ pieces, seed, presence }: ReplayedRecording): Promise<readonly TraceEvent[]> {
  const random = seededRandom(seed);
  const clock = createWorldClock();
  const cast = createCast(random.fork('cast'));
  const network = createNetwork(clock, random.fork('network'));
  const cloud = createMemoryCloud({ cast, clock, random: random.fork('cloud'), send: network.send });
  network.onUp(cloud.receive);
  const lines = new Map<string, MemoryLine>();
  const plugged = new Map<TraceDevice, MemoryLine>();
  let isOver = false;
  const replay = startReplay({
    ...{ trace: readTrace(traceOf(pieces)), clock },
    openPort: () => {
      const line = createMemoryLine();
      const path = `line ${lines.size}`;
      lines.set(path, line);
      return { ...line.openPort(), path };
    },
    onPath: (device, path) => {
      const line = path === undefined ? undefined : lines.get(path);
      if (line === undefined) plugged.delete(device);
      else plugged.set(device, line);
    },
    onEnd: () => {
      isOver = true;
    },
  });
  const linkTo = (device: TraceDevice): OpenLink => {
    return async () => {
      const line = plugged.get(device);
      if (line === undefined) throw new AppError('serial.port_missing', 'it is unplugged', { kind: 'device' });
      return line.openLink();
    };
  };
  const machine = createEdgeMachine({
    ...{ world: clock, random: random.fork('machine'), cast, network, presence },
    openLink: { uhf: linkTo('uhf'), badge: linkTo('badge'), lock: linkTo('lock') },
  });
  cloud.rulebooks.publish();
  await machine.powerOn();
  await clock.advanceUntil(() => isOver, (pieces.at(-1)?.atMs ?? 0) + concludesWithinMs);
  await clock.advance(concludesWithinMs);
  replay.close();
  let isStopped = false;
  void machine.stop().then(() => {
    isStopped = true;
  });
  await clock.advanceUntil(() => isStopped, 60_000);
  return machine.events.map(({ event }) => event);
}

/** Tools of which the two say something else: who took or returned them, when among the others, how sure that is. */
export function flippedTools(cast: Cast, one: readonly TraceEvent[], other: readonly TraceEvent[]): readonly string[] {
  const told = (events: readonly TraceEvent[], epc: string): string =>
    JSON.stringify(events.flatMap((event) => conclusionOf(event, epc)));
  return cast.tools
    .filter(({ epc }) => told(one, epc) !== told(other, epc))
    .map(({ name }) => name)
    .sort();
}

/** Times and percentages differ from one agent to the next and are none. */
function conclusionOf(event: TraceEvent, epc: string): readonly unknown[] {
  if (event.kind !== 'asset.checked_out' && event.kind !== 'asset.returned') return [];
  if (event.data.epc !== epc) return [];
  const authority = event.kind === 'asset.checked_out' ? event.data.authority : null;
  return [[event.kind, event.actor, authority, event.data.disputed]];
}

function traceOf(pieces: readonly LineBytes[]): string {
  const lines = pieces.map(({ atMs, device, way, hex }) =>
    encodeTraceLine({ atMs, device, kind: way === 'to device' ? 'sent' : 'received', bytes: fromHex(hex) }),
  );
  return [traceHead(new Date(worldBeginsAtMs).toISOString()), ...lines].join('\n');
}
