import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { m100Vectors } from '@tagtrail/shared/protocol/m100/m100.vectors.js';
import { errorReply, infoReply } from '@tagtrail/shared/protocol/m100/m100-commands.js';
import { command, errorCode, frameType } from '@tagtrail/shared/protocol/m100/m100-constants.js';
import { encodeFrame, type M100Frame } from '@tagtrail/shared/protocol/m100/m100-frame.js';
import { createM100Parser } from '@tagtrail/shared/protocol/m100/m100-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { describe, expect, it } from 'vitest';
import type { M100Config } from '../../device-config.js';
import { createDeviceHarness, type DeviceHarness } from '../../testing/device-harness.js';
import { createM100Reader, type M100Reader } from './m100-reader.js';

const config: M100Config = {
  driver: 'm100',
  path: '/dev/reader',
  baudRate: 115_200,
  antennas: [1],
  readPowerDbm: 20,
  region: 'eu3',
  searchMs: 250,
};

interface Bench extends DeviceHarness {
  readonly reader: M100Reader;
  readonly reads: TagRead[];
  readonly asked: string[];
  /** Null = no answer. */
  answer: (request: M100Frame) => string | null;
  rounds(): number;
  /** Frames from the module, as they come. */
  say(...hex: string[]): Promise<void>;
  /** Lets the module find nothing, every 20 ms. */
  idle(forMs: number): Promise<void>;
}

const vector = (id: string): string => m100Vectors.find((one) => one.id === id)?.hex ?? '';

const info = toHex(
  encodeFrame({ type: frameType.reply, command: command.info, params: infoReply('hardware', 'M100 26dBm V1.0') }),
);

/** A module as published; it reads on command and says so by its reports. */
function usualAnswer(request: M100Frame): string | null {
  if (request.command === command.info) return info;
  if (request.command === command.getPower) return vector('rsp-get-power');
  if (request.command === command.multiInventory) return null;
  return toHex(encodeFrame({ type: frameType.reply, command: request.command, params: Uint8Array.of(0) }));
}

function createBench(settings: Partial<M100Config> = {}): Bench {
  const asked: string[] = [];
  const reads: TagRead[] = [];
  let rounds = 0;
  let device: SerialLink | undefined;
  const harness = createDeviceHarness((link) => {
    device = link;
    const parser = createM100Parser({
      direction: 'command',
      onDiscard: () => {},
      onFrame: (request) => {
        asked.push(toHex(Uint8Array.of(request.command, ...request.params)));
        const reply = bench.answer(request);
        if (reply !== null) link.write(fromHex(reply)).catch(() => {});
      },
    });
    link.onData((chunk) => parser.push(chunk));
  });
  const reader = createM100Reader({
    ...harness,
    config: { ...config, ...settings },
    listener: {
      onRead: (read) => reads.push(read),
      onRoundEnd: () => {
        rounds++;
      },
      onReport: (report) => harness.reports.push(report),
    },
  });
  const say: Bench['say'] = async (...hex) => {
    for (const one of hex) await device?.write(fromHex(one)).catch(() => {});
    await harness.clock.advance(1);
  };
  const idle: Bench['idle'] = async (forMs) => {
    for (let at = 0; at < forMs; at += 20) {
      await say(vector('rsp-error'));
      await harness.clock.advance(19);
    }
  };
  const bench: Bench = {
    ...harness,
    ...{ reader, reads, asked, answer: usualAnswer, rounds: () => rounds, say, idle },
  };
  return bench;
}

async function readingBench(settings: Partial<M100Config> = {}): Promise<Bench> {
  const bench = createBench(settings);
  bench.reader.start();
  await bench.clock.advance(50);
  await bench.idle(300);
  return bench;
}

describe('createM100Reader', () => {
  it('sets the module up in order and starts to read', async () => {
    const bench = await readingBench();
    expect(bench.asked).toEqual(['0300', '0703', 'ADFF', 'B607D0', 'B7', '1201', '0E1020', '2722FFFF']);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
  });

  it('hands on tags, also those with delimiters in them, and drops broken ones', async () => {
    const bench = await readingBench();
    await bench.say(
      vector('notice-single-inventory'),
      vector('calc-notice-delimiters-in-payload'),
      vector('calc-notice-tag-2').replace('0233367e', '0234377e'),
    );
    expect(bench.reads.map(({ epc, antenna, rssiDbm }) => ({ epc, antenna, rssiDbm }))).toEqual([
      { epc: 'E20010710000529B0940B402', antenna: 1, rssiDbm: -43 },
      { epc: '7E7EBB7E0000BB0000227E01', antenna: 1, rssiDbm: -55 },
    ]);
    const counters = bench.reader.counters();
    expect(counters.rejected).toBe(1);
    expect(counters.frames).toBe(counters.answers + counters.reports + counters.rejected);
  });

  it('counts a round for each span in which the module was heard to read', async () => {
    const bench = await readingBench();
    const before = bench.rounds();
    await bench.idle(1000);
    expect(bench.rounds() - before).toBe(4);
    await bench.clock.advance(1000);
    expect(bench.rounds() - before).toBeLessThanOrEqual(5);
  });

  it('sets a module up again that stopped reading', async () => {
    const bench = await readingBench();
    await bench.clock.advance(3000);
    expect(bench.reports.map((one) => one.status)).toEqual(['ok', 'faulty']);
    await bench.idle(500);
    expect(bench.status()).toBe('ok');
    expect(bench.asked.filter((one) => one === '2722FFFF').length).toBe(2);
  });

  it('begins to read anew before the rounds of one command are over', async () => {
    const bench = await readingBench();
    bench.asked.length = 0;
    await bench.idle(301_000);
    expect(bench.asked).toEqual(['28', '2722FFFF']);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
  });

  it('tells what the module complains about while it reads', async () => {
    const bench = await readingBench();
    await bench.say(toHex(encodeFrame(errorReply(errorCode.hopping))));
    expect(bench.reports.at(-1)).toEqual({ status: 'faulty', detail: expect.stringContaining('channel') });
    await bench.idle(3000);
    expect(bench.status()).toBe('ok');
  });

  it('tells that the module gives less power', async () => {
    const bench = await readingBench({ readPowerDbm: 26 });
    expect(bench.reports.at(-1)).toEqual({ status: 'ok', detail: expect.stringContaining('works at 20 dBm') });
  });

  it('says what the module refuses, and does not take an empty round for a refusal', async () => {
    const bench = createBench();
    bench.answer = (request) =>
      request.command === command.setRegion
        ? vector('rsp-error') + toHex(encodeFrame(errorReply(errorCode.badCommand)))
        : usualAnswer(request);
    bench.reader.start();
    await bench.clock.advance(50);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'faulty', detail: expect.stringContaining('region eu3') });
  });

  it('stops a module that still reads for an agent that is gone', async () => {
    const bench = createBench();
    bench.answer = (request) => (request.command === command.info ? vector('rsp-error') + info : usualAnswer(request));
    bench.reader.start();
    await bench.clock.advance(50);
    expect(bench.asked.slice(0, 3)).toEqual(['0300', '28', '0703']);
    expect(bench.reads).toEqual([]);
  });

  it('writes a stop before it closes and leaves no timer behind', async () => {
    const bench = await readingBench();
    const closing = bench.reader.close();
    await bench.clock.advance(300);
    await closing;
    expect(bench.asked.at(-1)).toBe('28');
    await bench.clock.advance(60_000);
    expect(bench.clock.pending()).toEqual([]);
  });
});
