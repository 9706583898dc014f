import { createHash, type Hash } from 'node:crypto';
import { describeEvent, worldTime } from '../world/describe-event.js';
import type { LineBytes, World } from '../world/world.js';

/** What the serial lines of one world carried, for holding it against another world's. */
export interface Recording {
  hear(bytes: LineBytes): void;
  /** One digest for each second in which a line carried something: a day of every byte would fill the memory. */
  seconds(): readonly string[];
  /** Every piece, where it is to be replayed. */
  readonly pieces: readonly LineBytes[];
}

export interface RecordingOptions {
  readonly passOn?: ((bytes: LineBytes) => void) | undefined;
  readonly keepPieces?: boolean;
}

interface Second {
  readonly second: number;
  readonly hash: Hash;
  pieces: number;
}

function lineOf({ second, hash, pieces }: Second): string {
  return `${worldTime(second * 1000)}  ${pieces} pieces, SHA-256 ${hash.copy().digest('hex')}`;
}

export function createRecording({ passOn, keepPieces = false }: RecordingOptions = {}): Recording {
  const seconds: string[] = [];
  let current: Second | undefined;
  const pieces: LineBytes[] = [];
  return {
    pieces,
    hear: (bytes) => {
      const { atMs, device, way, hex } = bytes;
      const second = Math.floor(atMs / 1000);
      if (current?.second !== second) {
        if (current !== undefined) seconds.push(lineOf(current));
        current = { second, hash: createHash('sha256'), pieces: 0 };
      }
      current.pieces++;
      current.hash.update(`${atMs} ${device} ${way} ${hex}\n`);
      if (keepPieces) pieces.push(bytes);
      passOn?.(bytes);
    },
    seconds: () => (current === undefined ? seconds : [...seconds, lineOf(current)]),
  };
}

export interface Played {
  readonly world: World;
  readonly recording: Recording;
}

/** The first second or event in which two worlds differ, `-` the first world's and `+` the second's; none when all is the same. */
export function firstDifference(first: Played, second: Played): readonly string[] {
  for (const of of [({ recording }: Played) => recording.seconds(), eventsOf]) {
    const [one, other] = [of(first), of(second)];
    for (let index = 0; index < Math.max(one.length, other.length); index++) {
      if (one[index] === other[index]) continue;
      return [`- ${one[index] ?? 'nothing more'}`, `+ ${other[index] ?? 'nothing more'}`];
    }
  }
  return [];
}

function eventsOf({ world }: Played): readonly string[] {
  return world.machine.events.map(
    ({ atMs, event }) => `${worldTime(atMs)}  ${describeEvent(world.cast, event)}  ${JSON.stringify(event)}`,
  );
}
