import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import { chafonVectors } from '@tagtrail/shared/protocol/chafon/chafon.vectors.js';
import { inventory18Reply, inventory288Reply } from '@tagtrail/shared/protocol/chafon/chafon-commands.js';
import { command, status } from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import { type AddressedRequest, encodeReply } from '@tagtrail/shared/protocol/chafon/chafon-frame.js';
import { createChafonRequestParser } from '@tagtrail/shared/protocol/chafon/chafon-parser.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { describe, expect, it } from 'vitest';
import type { ChafonConfig } from '../../device-config.js';
import { createDeviceHarness, type DeviceHarness } from '../../testing/device-harness.js';
import { type ChafonReader, createChafonReader } from './chafon-reader.js';

const config: ChafonConfig = {
  driver: 'chafon',
  path: '/dev/reader',
  baudRate: 57_600,
  antennas: [1, 2],
  readPowerDbm: 27,
  region: 'eu3',
  searchMs: 300,
  antennaCheck: true,
  rssiOffsetDb: -130,
};

interface Bench extends DeviceHarness {
  readonly reader: ChafonReader;
  readonly reads: TagRead[];
  readonly asked: string[];
  /** What the reader says to a request, one frame after another; none = it is silent. */
  answer: (request: AddressedRequest) => readonly Uint8Array[];
  rounds(): number;
}

const vector = (id: string): Uint8Array => fromHex(chafonVectors.find((one) => one.id === id)?.hex ?? '');

const ok = (code: number): Uint8Array =>
  encodeReply({ address: 0, command: code, status: status.ok, data: new Uint8Array(0) });

const searched = (antenna: number): Uint8Array => {
  const data = inventory288Reply(antenna, []);
  return encodeReply({ address: 0, command: command.inventory, status: status.finished, data });
};

/** 1-based port of a search. */
const portOf = (request: AddressedRequest): number => (request.data[7] ?? 0) - 0x7f;

/** A reader of the 288 family as published: region EU, 30 dBm, antenna check off. */
function usualAnswer(request: AddressedRequest): readonly Uint8Array[] {
  if (request.command === command.readerInfo) return [vector('rsp-info-288')];
  if (request.command === command.inventory) return [searched(portOf(request))];
  return [ok(request.command)];
}

function createBench(settings: Partial<ChafonConfig> = {}, readerBaud?: number): Bench {
  const asked: string[] = [];
  const reads: TagRead[] = [];
  let rounds = 0;
  const harness = createDeviceHarness((link: SerialLink, baudRate) => {
    const parser = createChafonRequestParser({
      onDiscard: () => {},
      onFrame: (request) => {
        if (readerBaud !== undefined && baudRate !== readerBaud) return;
        asked.push(toHex(Uint8Array.of(request.command, ...request.data)));
        // The air takes its time, so that a sweep is not for nothing.
        const waitMs = request.command === command.inventory ? 20 : 1;
        harness.clock.startTimer('scripted reader', waitMs, () => {
          for (const frame of bench.answer(request)) link.write(frame).catch(() => {});
        });
      },
    });
    link.onData((chunk) => parser.push(chunk));
  });
  const reader = createChafonReader({
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
  const bench: Bench = { ...harness, reader, reads, asked, answer: usualAnswer, rounds: () => rounds };
  return bench;
}

async function readingBench(settings: Partial<ChafonConfig> = {}): Promise<Bench> {
  const bench = createBench(settings);
  bench.reader.start();
  await bench.clock.advance(200);
  return bench;
}

describe('createChafonReader', () => {
  it('writes only the settings that differ, and searches its antennas in turn', async () => {
    const bench = await readingBench();
    expect(bench.asked.slice(0, 8)).toEqual([
      '21',
      '7600',
      '2F1B',
      '2503',
      '6601',
      '01040001000000008003',
      '01040001000000008103',
      '92',
    ]);
    expect(bench.reports).toEqual([{ status: 'ok', detail: null }]);
    expect(bench.rounds()).toBeGreaterThan(1);
  });

  it('hands on the reads of all frames of a search, each with its own antenna', async () => {
    const bench = await readingBench();
    let told = false;
    bench.answer = (request) => {
      if (told || request.command !== command.inventory || portOf(request) !== 1) return usualAnswer(request);
      told = true;
      return [vector('rsp-inv288-two-tags'), vector('rsp-inv288-sgtin'), vector('rsp-inv288-none')];
    };
    await bench.clock.advance(200);
    expect(bench.reads.map(({ epc, antenna, rssiDbm }) => ({ epc, antenna, rssiDbm }))).toEqual([
      { epc: '000000000000000000000313', antenna: 1, rssiDbm: 0x6b - 130 },
      { epc: '000000000000000000000314', antenna: 1, rssiDbm: 0x6c - 130 },
      { epc: '3039606303C74380001A0559', antenna: 1, rssiDbm: 0x40 - 130 },
    ]);
  });

  it('sends nothing while more frames follow', async () => {
    const bench = await readingBench();
    bench.answer = (request) =>
      request.command === command.inventory ? [vector('rsp-inv288-ant1')] : usualAnswer(request);
    await bench.clock.advance(30);
    const asked = bench.asked.length;
    await bench.clock.advance(700);
    expect(bench.asked).toHaveLength(asked);
  });

  it('drops an answer that echoes another command, and one for another antenna', async () => {
    const bench = await readingBench();
    const before = bench.reader.counters();
    bench.reads.length = 0;
    bench.answer = (request) => {
      if (request.command !== command.inventory) return usualAnswer(request);
      return [vector('rsp-wrong-command-echo'), vector('rsp-inv288-ant3'), searched(portOf(request))];
    };
    await bench.clock.advance(100);
    const after = bench.reader.counters();
    expect(bench.reads).toEqual([]);
    expect(after.rejected).toBeGreaterThan(before.rejected);
    expect(after.frames).toBe(after.answers + after.rejected);
    expect(after.rounds).toBeGreaterThan(before.rounds);
  });

  it('counts no sweep while an antenna is missing, and says which', async () => {
    const bench = await readingBench();
    bench.answer = (request) =>
      request.command === command.inventory && portOf(request) === 2
        ? [vector('calc-rsp-antenna-error')]
        : usualAnswer(request);
    await bench.clock.advance(100);
    const before = bench.rounds();
    await bench.clock.advance(3000);
    expect(bench.rounds()).toBe(before);
    expect(bench.reports.at(-1)).toEqual({ status: 'faulty', detail: expect.stringContaining('antenna 2') });
    bench.answer = usualAnswer;
    await bench.clock.advance(3000);
    expect(bench.status()).toBe('ok');
    expect(bench.rounds()).toBeGreaterThan(before);
  });

  it('takes "no tag" for a search like any other', async () => {
    const bench = await readingBench();
    bench.answer = (request) =>
      request.command === command.inventory ? [vector('calc-rsp-no-tag')] : usualAnswer(request);
    const before = bench.rounds();
    await bench.clock.advance(1000);
    expect(bench.rounds()).toBeGreaterThan(before + 5);
    expect(bench.status()).toBe('ok');
  });

  it('counts no sweep in which an answer was lost, and asks how the reader is', async () => {
    const bench = await readingBench();
    let lost = false;
    bench.answer = (request) => {
      if (lost || request.command !== command.inventory) return usualAnswer(request);
      lost = true;
      return [];
    };
    bench.asked.length = 0;
    await bench.clock.advance(1200);
    expect(bench.asked).toContain('21');
    expect(bench.status()).toBe('ok');
  });

  it('sets a reader up again that lost its settings', async () => {
    const bench = await readingBench();
    let lost = false;
    bench.answer = (request) => {
      if (request.command === command.inventory && !lost) {
        lost = true;
        return [];
      }
      return usualAnswer(request);
    };
    // Power is 30 dBm in what the reader tells, and 27 in the settings.
    await bench.clock.advance(1200);
    expect(bench.reports.map((one) => one.status)).toContain('faulty');
    expect(bench.asked.filter((one) => one === '2F1B').length).toBeGreaterThan(1);
  });

  it('says what the reader refuses', async () => {
    const bench = createBench();
    bench.answer = (request) =>
      request.command === command.setPower ? [vector('calc-rsp-param-error')] : usualAnswer(request);
    bench.reader.start();
    await bench.clock.advance(200);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'faulty', detail: expect.stringContaining('27 dBm') });
  });

  it('finds a reader that runs at another speed and says so', async () => {
    const bench = createBench({}, 115_200);
    bench.reader.start();
    await bench.clock.advance(3000);
    expect(bench.reports.at(-1)).toMatchObject({ status: 'ok', detail: expect.stringContaining('115200') });
  });

  it('reads with the one antenna of an 18, whose tags have no strength', async () => {
    const bench = createBench();
    const info = encodeReply({
      ...{ address: 0, command: command.readerInfo, status: status.ok },
      data: fromHex('00160C034E001E0A'),
    });
    const data = inventory18Reply(['000000000000000000000313']);
    bench.answer = (request) => {
      if (request.command === command.readerInfo) return [info];
      if (request.command !== command.inventory) return usualAnswer(request);
      return [encodeReply({ address: 0, command: command.inventory, status: status.finished, data })];
    };
    bench.reader.start();
    await bench.clock.advance(300);
    expect(bench.asked).toContain('01');
    expect(bench.reads[0]).toMatchObject({ epc: '000000000000000000000313', antenna: 1, rssiDbm: -90 });
    expect(bench.reports.at(-1)?.detail).toContain('one antenna only');
  });

  it('leaves no timer behind', async () => {
    const bench = await readingBench();
    const closing = bench.reader.close();
    await bench.clock.advance(200);
    await closing;
    const asked = bench.asked.length;
    await bench.clock.advance(60_000);
    expect(bench.asked).toHaveLength(asked);
    expect(bench.clock.pending()).toEqual([]);
  });
});
