import { isAppError } from '@tagtrail/shared/error.js';
import {
  type ChafonTag,
  decodeInventory18Reply,
  decodeInventory288Reply,
  inventory18Request,
  inventory288Request,
} from '@tagtrail/shared/protocol/chafon/chafon-commands.js';
import { status, statusSentence } from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import type { ChafonReply } from '@tagtrail/shared/protocol/chafon/chafon-frame.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { ChafonConfig } from '../../device-config.js';
import type { Line } from '../device-link.js';
import type { UhfReaderListener } from '../reader.js';
import type { ChafonCounters, ChafonPort } from './chafon-port.js';
import { askTemperature, greetReader, isSetUp, type ReaderFacts, scanTimeOf } from './chafon-set-up.js';

export interface SweepOptions {
  readonly port: ChafonPort;
  readonly facts: ReaderFacts;
  readonly config: ChafonConfig;
  readonly clock: Clock;
  readonly line: Line;
  readonly listener: UhfReaderListener;
  readonly counters: ChafonCounters;
}

export interface Sweeps {
  stop(): void;
}

/** Sixteen slots to begin with; the reader finds the best number by itself. */
const startQ = 4;
/** A tag of session 0 forgets that it was read when the field goes to the next port, so every port hears it again. */
const session = 0;
/** Stands for a strength that the reader does not tell: weak, so that a second read has to confirm it. */
const unknownRssiDbm = -90;
/** Searches in a row without an answer after which the line is given up. */
const maxMissed = 3;
/** A complaint counts as over when this long no further one came. */
const troubleOverAfterMs = 2000;
const temperatureEveryMs = 60_000;
const hotCelsius = 70;

type SearchEnd = 'searched' | 'problem' | 'missed';

/** Searches port after port until it is stopped; every full turn is one sweep. */
export function startSweeps(options: SweepOptions): Sweeps {
  const { port, facts, config, clock, line, listener, counters } = options;
  const antennas = facts.family === '18' ? [1] : config.antennas;
  const scanTime = scanTimeOf(config);
  let stopped = false;
  let missed = 0;
  let troubledAt: number | null = null;
  let measuredAt: number | null = null;

  function takeTags(tags: readonly ChafonTag[], antenna: number): void {
    for (const { epc, rssiRaw } of tags) {
      if (epc === '') continue;
      counters.reads++;
      const rssiDbm = rssiRaw === null ? unknownRssiDbm : Math.min(-1, rssiRaw + config.rssiOffsetDb);
      listener.onRead({ epc, antenna, rssiDbm, count: 1, atMs: clock.monotonicMs() });
    }
  }

  /** False for an answer that does not belong to a search on this port. */
  function take(reply: ChafonReply, antenna: number): boolean {
    // A status without data, such as "no tag", names no port.
    if (reply.data.length === 0) return true;
    if (facts.family === '18') {
      const tags = decodeInventory18Reply(reply.data);
      if (tags !== null) takeTags(tags, antenna);
      return tags !== null;
    }
    const inventory = decodeInventory288Reply(reply.data);
    if (inventory === null || !inventory.antennas.includes(antenna)) return false;
    takeTags(inventory.tags, antenna);
    return true;
  }

  async function search(antenna: number): Promise<SearchEnd> {
    const request =
      facts.family === '18'
        ? inventory18Request()
        : inventory288Request({ q: startQ, session, target: 0, antenna, scanTime });
    try {
      const end = await port.search(request, scanTime * 100 + 500, (reply) => !stopped && take(reply, antenna));
      missed = 0;
      if (usualEnds.has(end)) return 'searched';
      troubledAt = clock.monotonicMs();
      const where = facts.family === '288' && end === status.antenna ? ` (antenna ${antenna})` : '';
      line.trouble(`${statusSentence(end).replace(/\.$/, '')}${where}.`);
      return 'problem';
    } catch (error) {
      if (!isAppError(error, 'reader.unanswered')) throw error;
      missed++;
      return 'missed';
    }
  }

  function endRound(): void {
    if (troubledAt !== null) {
      if (clock.monotonicMs() - troubledAt < troubleOverAfterMs) return;
      troubledAt = null;
      line.trouble(null);
    }
    counters.rounds++;
    listener.onRoundEnd();
  }

  /** A reader that missed a request may have begun anew, or be another one. */
  async function checkSettings(): Promise<void> {
    const info = await greetReader(port);
    if (info === undefined) missed++;
    else if (!isSetUp(info, config)) line.restarted('The UHF reader lost its settings; it is being set up again.');
    if (missed >= maxMissed) line.unanswered();
  }

  async function watchTemperature(): Promise<void> {
    const now = clock.monotonicMs();
    if (measuredAt !== null && now - measuredAt < temperatureEveryMs) return;
    measuredAt = now;
    const celsius = await askTemperature(port);
    if (celsius !== null) listener.onTemperature?.(celsius);
    const isHot = celsius !== null && celsius >= hotCelsius;
    const warnings = isHot ? [...facts.warnings, hotSentence(celsius)] : facts.warnings;
    line.warning(warnings.length === 0 ? null : warnings.join(' '));
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const ends: SearchEnd[] = [];
      for (const antenna of antennas) {
        if (stopped) return;
        const end = await search(antenna);
        ends.push(end);
        if (end === 'missed') await checkSettings();
      }
      if (!stopped && ends.every((end) => end === 'searched')) endRound();
      if (!stopped) await watchTemperature().catch(ifUnanswered);
    }
  }

  // The link is gone: its owner is told by the link itself.
  run().catch(() => {});
  return {
    stop: () => {
      stopped = true;
    },
  };
}

const usualEnds: ReadonlySet<number> = new Set([status.ok, status.finished, status.timedOut, status.noTag]);

function hotSentence(celsius: number): string {
  return `The UHF reader is at ${celsius} degrees Celsius: check its cooling.`;
}

function ifUnanswered(error: unknown): void {
  if (!isAppError(error, 'reader.unanswered')) throw error;
}
