import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';
import type { Recorder } from '../journal/recorder.js';

/** A question to the cloud and its answer, as this machine's clocks saw them. */
export interface ClockPair {
  /** Monotonic times of the question and of the answer. */
  readonly askedMono: number;
  readonly answeredMono: number;
  /** Wall time of this machine when the answer came. */
  readonly answeredWallMs: number;
  /** Wall time of the cloud when it answered. */
  readonly cloudWallMs: number;
}

export interface ClockReading {
  /** The cloud's time minus this machine's. */
  readonly offsetMs: number;
  /** The true offset is at most this far away, as the answer took its way at an unknown moment of the round trip. */
  readonly errorMs: number;
  readonly measuredAt: string;
}

/** Cristian's estimate: the cloud looked at its clock in the middle of the round trip, give or take half of it. */
export function readClock(pair: ClockPair): Omit<ClockReading, 'measuredAt'> {
  const halfMs = Math.max(0, pair.answeredMono - pair.askedMono) / 2;
  const offsetMs = Math.round(pair.cloudWallMs - (pair.answeredWallMs - halfMs));
  return { offsetMs, errorMs: Math.ceil(halfMs) };
}

export interface ClockMeterOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** Compares the wall clock with the cloud's and with the monotonic one. Nothing is ever ordered by what it says. */
export interface ClockMeter {
  measured(askedMono: number, cloudNow: string): void;
  /** Null until the cloud has answered since the start, or since the clock was set. */
  reading(): ClockReading | null;
  /** What is to be told against the time of an event recorded now; undefined for nothing. */
  timeQuality(): 'unchecked' | 'wrong' | undefined;
  /** Since when the clock is wrong; null while it is not known to be. */
  wrongSince(): string | null;
  /** Records steps from now on. */
  watch(recorder: Recorder): void;
  stop(): void;
}

export const clockLimits = { lookEveryMs: 5_000, stepMs: 1_000, wrongMs: 60_000 } as const;

export function createClockMeter({ clock, log }: ClockMeterOptions): ClockMeter {
  let reading: ClockReading | null = null;
  let wrongSince: string | null = null;
  let watching: { cancel(): void } | undefined;
  let last = { mono: clock.monotonicMs(), wallMs: clock.wallMs() };

  const look = (recorder: Recorder): void => {
    const now = { mono: clock.monotonicMs(), wallMs: clock.wallMs() };
    const beforeMs = Math.round(last.wallMs + (now.mono - last.mono));
    last = now;
    if (Math.abs(now.wallMs - beforeMs) < clockLimits.stepMs) return;
    reading = null;
    wrongSince = null;
    const data = { beforeMs, afterMs: Math.round(now.wallMs) };
    log.warn(data, 'health.clock.stepped');
    recorder.record({ kind: 'clock.stepped', data }, 'grouped').catch((error) => {
      log.error({ error: errorText(error) }, 'health.clock.step_unrecorded');
    });
  };

  return {
    measured: (askedMono, cloudNow) => {
      const answeredWallMs = clock.wallMs();
      const pair = { askedMono, answeredMono: clock.monotonicMs(), answeredWallMs, cloudWallMs: Date.parse(cloudNow) };
      const measuredAt = new Date(answeredWallMs).toISOString();
      reading = { ...readClock(pair), measuredAt };
      const isWrong = Math.abs(reading.offsetMs) - reading.errorMs > clockLimits.wrongMs;
      if (isWrong && wrongSince === null) log.warn({ offsetMs: reading.offsetMs }, 'health.clock.wrong');
      wrongSince = isWrong ? (wrongSince ?? measuredAt) : null;
    },
    reading: () => reading,
    timeQuality: () => (reading === null ? 'unchecked' : wrongSince === null ? undefined : 'wrong'),
    wrongSince: () => wrongSince,
    watch: (recorder) => {
      watching?.cancel();
      watching = repeat(clock, 'health.clock', clockLimits.lookEveryMs, () => look(recorder));
    },
    stop: () => watching?.cancel(),
  };
}
