import { AppError, isAppError } from '@tagtrail/shared/error.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { below, pick, type Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { flippedTools, replayRecording } from './replay-recording.js';
import { createWorld, type LineBytes, type World } from './world.js';

export interface CompareOptions {
  readonly sessions: number;
  readonly seed: string;
  /** Settings of the agent's inventory that differ from their defaults, as in its settings file. */
  readonly presence: Readonly<Record<string, number>>;
  /** Reads that are missed on top of what distance costs, in percent. */
  readonly missedPercent: number;
  readonly onRecording?: (progress: Comparison) => void;
}

/** Tools of one recording of which the other settings conclude something else. */
export interface Flip {
  /** The seed of the world that was recorded. */
  readonly recording: string;
  readonly tools: readonly string[];
}

export interface Comparison {
  readonly sessions: number;
  readonly lines: number;
  /** Lines that were left to a person: by the cabinet that recorded, and by the other settings. */
  readonly disputed: { readonly recorded: number; readonly changed: number };
  /** Conclusions that the same settings do not come to again from the same bytes: one is a bug. */
  readonly unrepeated: readonly Flip[];
  readonly flipped: readonly Flip[];
}

/** One recording holds this many sessions, so that what an agent learns of its tags counts. */
export const sessionsPerRecording = 10;
const people = ['ana', 'ben', 'chloe'];
const pullsForMs = 4_000;
const settlesWithinMs = 15_000;

/**
 * Records sessions byte by byte, plays each recording to an agent with the same settings and to one with others, and
 * tells which conclusions flip.
 * @throws SettingsError for a setting that the agent does not have.
 */
export async function compareRecordings(options: CompareOptions): Promise<Comparison> {
  let total: Comparison = {
    ...{ sessions: 0, lines: 0, disputed: { recorded: 0, changed: 0 } },
    ...{ unrepeated: [], flipped: [] },
  };
  for (let recording = 0; total.sessions < options.sessions; recording++) {
    const seed = `${options.seed}/recording-${recording}`;
    const sessions = Math.min(sessionsPerRecording, options.sessions - total.sessions);
    const { world, pieces } = await record({ seed, sessions, missedPercent: options.missedPercent });
    const recorded = world.machine.events.map(({ event }) => event);
    const again = await replayRecording({ pieces, seed, presence: {} });
    const changed = await replayRecording({ pieces, seed, presence: options.presence });
    const flipsOf = (other: readonly TraceEvent[]): readonly Flip[] => {
      const tools = flippedTools(world.cast, recorded, other);
      return tools.length === 0 ? [] : [{ recording: seed, tools }];
    };
    total = {
      sessions: total.sessions + sessions,
      lines: total.lines + linesOf(recorded).length,
      disputed: {
        recorded: total.disputed.recorded + linesOf(recorded).filter(isDisputed).length,
        changed: total.disputed.changed + linesOf(changed).filter(isDisputed).length,
      },
      unrepeated: [...total.unrepeated, ...flipsOf(again)],
      flipped: [...total.flipped, ...flipsOf(changed)],
    };
    options.onRecording?.(total);
  }
  return total;
}

async function record(options: {
  readonly seed: string;
  readonly sessions: number;
  readonly missedPercent: number;
}): Promise<{ readonly world: World; readonly pieces: readonly LineBytes[] }> {
  const { seed, sessions, missedPercent } = options;
  const pieces: LineBytes[] = [];
  const world = createWorld({ seed, onBytes: (bytes) => void pieces.push(bytes) });
  const dice = seededRandom(`${seed}/people`);
  await world.begin();
  if (missedPercent > 0) world.cabinet.faults.begin({ fault: 'missed-reads', options: { percent: missedPercent } });
  world.cabinet.faults.begin({ fault: 'stray-reads', options: { perRound: 2 } });
  const held: string[] = [];
  for (let session = 0; session < sessions; session++) await playSession(world, dice, held);
  return { world, pieces };
}

/** Somebody badges, takes or brings back up to three tools, and closes the door. */
async function playSession(world: World, dice: Random, held: string[]): Promise<void> {
  const { clock, cast } = world;
  const who = pick(dice, people);
  world.badge(who);
  let opened = false;
  for (let pulledMs = 0; !opened && pulledMs < pullsForMs; pulledMs += 100) {
    await clock.advance(100);
    opened = world.openDoor(1, false);
  }
  if (!opened) throw new AppError('recording.door_locked', `The door stays locked for ${who}.`, { kind: 'bug' });
  for (let moves = 1 + below(dice, 3); moves > 0; moves--) {
    await clock.advance(400 + below(dice, 1_500));
    const back = held.length > 0 && below(dice, 2) === 0 ? held.splice(below(dice, held.length), 1)[0] : undefined;
    if (back !== undefined) world.putBack(back);
    else takeOne(world, pick(dice, cast.tools).name, held);
  }
  await clock.advance(800);
  world.closeDoors();
  await clock.advance(settlesWithinMs);
}

/** Whoever reaches for a tool that is not there takes none. */
function takeOne(world: World, tool: string, held: string[]): void {
  try {
    world.take(tool);
    held.push(tool);
  } catch (error) {
    if (!isAppError(error, 'world.impossible')) throw error;
  }
}

type Line = Extract<TraceEvent, { kind: 'asset.checked_out' | 'asset.returned' }>;

function linesOf(events: readonly TraceEvent[]): readonly Line[] {
  return events.filter((event): event is Line => event.kind === 'asset.checked_out' || event.kind === 'asset.returned');
}

function isDisputed({ data }: Line): boolean {
  return data.disputed;
}
