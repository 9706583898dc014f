import { AppError } from '@tagtrail/shared/error.js';
import { createAsciiLineParser } from '@tagtrail/shared/protocol/ascii-line/ascii-line-parser.js';
import { readLinePattern } from '@tagtrail/shared/protocol/ascii-line/line-pattern.js';
import type { AsciiLineConfig } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { BadgeReaderListener, Device } from '../reader.js';
import { createStaleWatch } from '../stale-watch.js';

export type AsciiLineReaderOptions = DriverOptions<AsciiLineConfig, BadgeReaderListener>;

/** What became of every line: `lines = presented + repeated`. */
export interface AsciiLineCounters {
  readonly lines: number;
  readonly presented: number;
  /** The same number again while the badge was still there. */
  readonly repeated: number;
  readonly discardedBytes: number;
}

export interface AsciiLineReader extends Device {
  counters(): AsciiLineCounters;
}

/** It speaks only when a badge comes, so its silence says nothing. */
const rules: LinkRules = { device: 'badge reader', silentAfterMs: null, garbledSetupMs: 4000 };

/** A line without an end is given up after this silence; slow readers pause between characters. */
const staleAfterMs = 250;

/** A badge reader that sends a line of text for each badge (protocols.md section 4.5). */
export function createAsciiLineReader(options: AsciiLineReaderOptions): AsciiLineReader {
  const { clock, config, listener } = options;
  const counters = { lines: 0, presented: 0, repeated: 0, discardedBytes: 0 };
  const pattern = readLinePattern(config.pattern);
  if (pattern === null) {
    throw new AppError('reader.pattern_refused', 'the pattern of the badge reader is not one that can be used', {
      kind: 'operator',
    });
  }
  const profile = { ...config, pattern };
  let last: { readonly number: string; readonly at: number } | undefined;

  function hear(number: string): void {
    const at = clock.monotonicMs();
    const again = last?.number === number && at - last.at <= config.debounceMs;
    last = { number, at };
    counters.lines++;
    if (again) {
      counters.repeated++;
      return;
    }
    counters.presented++;
    listener.onBadge(number);
  }

  async function connect(line: Line): Promise<Conversation> {
    const link = await options.openLink(config.baudRate);
    let ended = false;
    const parser = createAsciiLineParser({
      profile,
      onNumber: (number, bytes) => {
        line.valid(bytes);
        hear(number);
      },
      onDiscard: (reason, bytes) => {
        counters.discardedBytes += bytes;
        line.discarded(bytes, reason);
      },
    });
    const stale = createStaleWatch({ clock, afterMs: staleAfterMs, parser });
    link.onData((chunk) => {
      if (ended) return;
      parser.push(chunk);
      stale.heard();
    });
    return {
      link,
      configure: async () => {
        last = undefined;
      },
      end: () => {
        ended = true;
        stale.stop();
      },
    };
  }

  const device = createDeviceLink({
    rules,
    clock,
    random: options.random,
    log: options.log,
    connect,
    onReport: (report) => listener.onReport(report),
  });
  return { start: device.start, close: device.close, counters: () => ({ ...counters }) };
}
