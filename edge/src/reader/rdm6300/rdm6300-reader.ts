import { frameBytes, staleAfterMs } from '@tagtrail/shared/protocol/rdm6300/rdm6300-constants.js';
import { createRdm6300Parser } from '@tagtrail/shared/protocol/rdm6300/rdm6300-parser.js';
import type { Rdm6300Config } from '../../device-config.js';
import { type Conversation, createDeviceLink, type DriverOptions, type Line } from '../device-link.js';
import type { LinkRules } from '../link-machine.js';
import type { BadgeReaderListener, Device } from '../reader.js';
import { createStaleWatch } from '../stale-watch.js';
import { hearBadge, noBadge } from './badge-presentation.js';

export type Rdm6300ReaderOptions = DriverOptions<Rdm6300Config, BadgeReaderListener>;

/** What became of every frame: `frames = presented + repeated`. */
export interface Rdm6300Counters {
  readonly frames: number;
  /** Frames that made a badge count. */
  readonly presented: number;
  /** First and further frames of a badge, and phantoms. */
  readonly repeated: number;
  readonly discardedBytes: number;
}

export interface Rdm6300Reader extends Device {
  counters(): Rdm6300Counters;
}

/** It speaks only while a badge is held to it, so its silence says nothing. */
const rules: LinkRules = { device: 'badge reader', silentAfterMs: null, garbledSetupMs: 4000 };

/** A 125 kHz badge reader of the RDM6300 kind (EM4100 badges, ASCII frames). */
export function createRdm6300Reader(options: Rdm6300ReaderOptions): Rdm6300Reader {
  const { clock, config, listener } = options;
  const counters = { frames: 0, presented: 0, repeated: 0, discardedBytes: 0 };
  let presentation = noBadge;

  function hear(number: string): void {
    const step = hearBadge(presentation, number, clock.monotonicMs());
    presentation = step.state;
    counters.frames++;
    if (step.presented === null) {
      counters.repeated++;
      return;
    }
    counters.presented++;
    listener.onBadge(step.presented);
  }

  async function connect(line: Line): Promise<Conversation> {
    const link = await options.openLink(config.baudRate);
    let ended = false;
    const parser = createRdm6300Parser({
      onFrame: (number) => {
        line.valid(frameBytes);
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
        presentation = noBadge;
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
