import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { encodeReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { decodeSetBaudRequest } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { MercuryConfig } from '../device-config.js';
import { createMercuryReader, type MercuryReader } from '../reader/mercury/mercury-reader.js';
import { moduleReplies, streamFrames } from '../reader/mercury/mercury-replies.vectors.js';
import { createDeviceHarness, type DeviceHarness } from './device-harness.js';

const config: MercuryConfig = {
  driver: 'mercury',
  path: '/dev/reader',
  baudRate: 115_200,
  antennas: [1, 2, 3, 4],
  readPowerDbm: 27,
  region: 'eu3',
  searchMs: 250,
};

/** A scripted module at the far end of the driver's link. */
export interface MercuryBench extends DeviceHarness {
  readonly reader: MercuryReader;
  readonly reads: TagRead[];
  readonly asked: { op: number; data: string }[];
  /** Replies by opcode; null = no answer. Changing it changes the module. */
  readonly replies: Map<number, string | null>;
  /** Commands that begin so (opcode and data, in hex) are refused as unknown values. */
  readonly refuse: Set<string>;
  /** Bytes that were no command. */
  wakeUpBytes(): number;
  rounds(): number;
  /** Bytes from the module, as they come. */
  say(...hex: string[]): Promise<void>;
  /** Lets the module end a sweep every 250 ms for so long. */
  sweep(forMs: number): Promise<void>;
}

function usualReplies(): Map<number, string | null> {
  const sensed = encodeReply(0x61, 0, Uint8Array.of(5, 1, 1, 2, 1, 3, 1, 4, 1));
  const set9b = encodeReply(0x9b, 0, new Uint8Array(0));
  const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return new Map<number, string | null>([
    [0x03, moduleReplies.version.hex],
    [0x0c, moduleReplies.runsApplication.hex],
    [0x04, moduleReplies.bootedApplication.hex],
    [0x97, moduleReplies.regionSet.hex],
    [0x93, moduleReplies.protocolSet.hex],
    [0x91, moduleReplies.antennasSet.hex],
    [0x61, hexOf(sensed)],
    [0x62, moduleReplies.readPowerLimits.hex],
    [0x92, moduleReplies.readPowerSet.hex],
    [0x9b, hexOf(set9b)],
    [0x9a, moduleReplies.readerParamSet.hex],
    [0x2f, moduleReplies.readingStarted.hex],
  ]);
}

export interface MercuryBenchOptions {
  readonly settings?: Partial<MercuryConfig>;
  /** The module answers at this speed only; command 06 changes it when there is an answer to it. */
  readonly moduleBaud?: number;
  /** The line carries nothing from the module at this speed. */
  readonly deafAt?: number;
}

export function createMercuryBench(options: MercuryBenchOptions = {}): MercuryBench {
  const replies = usualReplies();
  const asked: MercuryBench['asked'] = [];
  const reads: TagRead[] = [];
  const refuse = new Set<string>();
  let rounds = 0;
  let noCommandBytes = 0;
  let moduleBaud = options.moduleBaud;
  let device: SerialLink | undefined;

  const harness = createDeviceHarness((link, baudRate) => {
    device = link;
    const parser = createMercuryParser({
      direction: 'request',
      onDiscard: (_reason, bytes) => {
        noCommandBytes += bytes;
      },
      onFrame: ({ op, data }) => {
        if (moduleBaud !== undefined && baudRate !== moduleBaud) return;
        asked.push({ op, data: Buffer.from(data).toString('hex') });
        const isStop = op === 0x2f && data[2] === 2;
        const isRefused = [...refuse].some((start) =>
          toHex(Uint8Array.of(op, ...data))
            .toLowerCase()
            .startsWith(start),
        );
        const refusal = isRefused ? toHex(encodeReply(op, 0x0105, new Uint8Array(0))) : undefined;
        const reply = isStop ? moduleReplies.readingStopped.hex : (refusal ?? replies.get(op));
        if (typeof reply === 'string' && baudRate !== options.deafAt) link.write(fromHex(reply)).catch(() => {});
        const isDone = typeof reply === 'string' && reply.slice(6, 10) === '0000';
        if (op === 0x06 && isDone) moduleBaud = decodeSetBaudRequest(data) ?? undefined;
      },
    });
    link.onData((chunk) => parser.push(chunk));
  });
  const reader = createMercuryReader({
    ...harness,
    config: { ...config, ...options.settings },
    listener: {
      onRead: (read) => reads.push(read),
      onRoundEnd: () => {
        rounds++;
      },
      onReport: (report) => harness.reports.push(report),
    },
  });
  const say = async (...hex: string[]): Promise<void> => {
    for (const one of hex) await device?.write(fromHex(one)).catch(() => {});
    await harness.clock.advance(1);
  };
  const sweep = async (forMs: number): Promise<void> => {
    for (let at = 0; at < forMs; at += 250) {
      await say(streamFrames.roundEnd.hex);
      await harness.clock.advance(249);
    }
  };
  return {
    ...harness,
    reader,
    reads,
    asked,
    replies,
    refuse,
    wakeUpBytes: () => noCommandBytes,
    rounds: () => rounds,
    say,
    sweep,
  };
}

/** The same, after the module was set up and began to read. */
export async function readingBench(options: Parameters<typeof createMercuryBench>[0] = {}): Promise<MercuryBench> {
  const bench = createMercuryBench(options);
  bench.reader.start();
  await bench.clock.advance(100);
  await bench.say(streamFrames.roundEnd.hex);
  return bench;
}
