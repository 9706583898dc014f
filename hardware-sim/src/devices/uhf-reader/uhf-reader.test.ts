import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { setAntennasRequest } from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import {
  opcode,
  probeBauds,
  readerParam,
  region,
  usualMetadata,
} from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeContinuousReply,
  decodeStreamReply,
  startContinuousRequest,
  stopContinuousRequest,
  whileReadingRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import {
  encodeRequest,
  type MercuryReply,
  type MercuryRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import {
  bootApplicationRequest,
  bootBootloaderRequest,
  currentProgramRequest,
  decodeVersionReply,
  setBaudRequest,
  temperatureRequest,
  versionRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import {
  getReaderParamRequest,
  setReaderParamRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import {
  setPowerRequest,
  setProtocolRequest,
  setRegionRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-radio-commands.js';
import {
  decodeReadTagReply,
  decodeSearchCountReply,
  decodeTagBufferReply,
  readTagRequest,
  searchRequest,
  tagBufferRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import { statisticsFlag, temperatureOf } from '@tagtrail/shared/protocol/mercury/mercury-statistics.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import type { AirRead } from '../../field/air.js';
import { m6eModel, type ReaderModel } from './reader-model.js';
import { createUhfReader, type UhfReader } from './uhf-reader.js';

const wrench = '3474257BF40000000000162E';
const pliers = 'E28011606000020000000001';

interface Bench {
  readonly clock: VirtualClock;
  readonly reader: UhfReader;
  /** Everything that the module sent and that was not asked for yet. */
  readonly said: MercuryReply[];
  /** Which antenna hears what; changing it moves tags. */
  readonly heard: Map<number, readonly AirRead[]>;
  readonly rounds: number[];
  /** Sends and returns what came within `ms`. */
  ask(request: MercuryRequest, ms?: number): Promise<readonly MercuryReply[]>;
  /** A command that takes no time; its only reply. */
  one(request: MercuryRequest): Promise<MercuryReply>;
  setUp(ports?: readonly number[]): Promise<void>;
}

function bench(model: ReaderModel = m6eModel): Bench {
  const clock = new VirtualClock();
  const said: MercuryReply[] = [];
  const heard = new Map<number, readonly AirRead[]>();
  const rounds: number[] = [];
  const parser = createMercuryParser({
    direction: 'reply',
    onFrame: (frame) => said.push(frame),
    onDiscard: (reason, bytes) => expect.unreachable(`${bytes} bytes of ${reason} from the module`),
  });
  const reader = createUhfReader({
    clock,
    random: seededRandom('uhf reader test'),
    air: {
      round: (antenna) => {
        rounds.push(antenna);
        return heard.get(antenna) ?? [];
      },
    },
    send: (bytes) => parser.push(bytes),
    antennas: 4,
    baudRate: 115_200,
    model,
  });
  const ask = async (request: MercuryRequest, ms = 0): Promise<readonly MercuryReply[]> => {
    said.length = 0;
    reader.receive(encodeRequest(request.op, request.data));
    await clock.advance(ms);
    return [...said];
  };
  const one = async (request: MercuryRequest): Promise<MercuryReply> => {
    const replies = await ask(request);
    expect(replies).toHaveLength(1);
    return replies[0] as MercuryReply;
  };
  return {
    clock,
    reader,
    said,
    heard,
    rounds,
    ask,
    one,
    setUp: async (ports = [1, 2, 3, 4]) => {
      const list = ports.map((port) => ({ tx: port, rx: port }));
      for (const request of [
        setRegionRequest(region.eu3),
        setProtocolRequest(5),
        setAntennasRequest({ kind: 'search-list', list }),
        setReaderParamRequest({ key: readerParam.readFilter, value: Uint8Array.of(0) }),
      ]) {
        expect((await one(request)).status).toBe(status.ok);
      }
    },
  };
}

function at(epc: string, rssiDbm = -55): AirRead {
  return { epc, rssiDbm, count: 1 };
}

/** What a host makes of the frames of a stream, one word for each. */
function kinds(replies: readonly MercuryReply[]): readonly string[] {
  return replies.map((reply) => {
    if (reply.op === opcode.continuous) return decodeContinuousReply(reply).kind;
    const stream = decodeStreamReply(reply);
    return stream.kind === 'tag' ? `tag ${stream.tag.epc.slice(-2)} port ${stream.tag.txPort}` : stream.kind;
  });
}

const reading = startContinuousRequest({ flags: 0x001b, timeoutMs: 400, metadataFlags: usualMetadata });

describe('createUhfReader', () => {
  it('starts up as the library of the maker does it', async () => {
    const { clock, reader, said, ask, one } = bench({ ...m6eModel, startsIn: 'bootloader' });
    for (const baud of probeBauds.slice(0, 2)) reader.receive(new Uint8Array(baud / 50).fill(0xff));
    const version = await one(versionRequest());
    expect(decodeVersionReply(version.data)).toEqual(m6eModel.version);
    expect((await one(currentProgramRequest())).data).toEqual(Uint8Array.of(0x11));
    expect((await one(setRegionRequest(region.eu3))).status).toBe(status.invalidOpcode);
    expect((await one(bootApplicationRequest())).op).toBe(opcode.bootApplication);
    expect((await one(currentProgramRequest())).data).toEqual(Uint8Array.of(0x12));
    const conversation: readonly (readonly [string, string])[] = [
      ['10 00 00', '0000'],
      ['70', '0000 0005'],
      ['71', `0000 ${toHex(Uint8Array.from(m6eModel.regions))}`],
      ['67', '0000 00'],
      ['97 08', '0000'],
      ['67', '0000 08'],
      ['63', '0000 0000'],
      ['93 0005', '0000'],
      ['63', '0000 0005'],
      ['61 05', '0000 05 0101 0201 0301 0401'],
      ['91 02 0101 0202 0303 0404', '0000'],
      ['61 02', '0000 02 0101 0202 0303 0404'],
      ['62 01', '0000 01 0C4E 0C4E 01F4'],
      ['92 0A8C', '0000'],
      ['62 00', '0000 00 0A8C'],
      ['94 0BB8', '0000'],
      ['64 00', '0000 00 0BB8'],
      ['65', '0000 000D35A4 000D37FC 000D3A54 000D3CAC'],
      ['66 01', '0000 01 010100 020100 030100 040100'],
      ['96 01 01', '0000'],
      ['66 01', '0000 01 010101 020100 030100 040100'],
      ['68', '0000 00'],
      ['98 03', '0000'],
      ['68', '0000 03'],
      ['9B 05 00 01', '0000'],
      ['6B 05 00', '0000 05 00 01'],
      ['9B 05 12 01 04', '0000'],
      ['6B 05 12', '0000 05 12 01 04'],
      ['9A 01 0C 00', '0000'],
      ['6A 01 0C', '0000 01 0C 00'],
      ['91 04 01 0A8C 0BB8 0000', '0000'],
      ['61 03', '0000 03 01 0A8C 02 8000 03 8000 04 8000'],
      ['91 07 01 007D 02 007D', '0000'],
      ['61 07', '0000 07 01 007D 02 007D'],
      ['72', '0000 22'],
      ['2A', '0000'],
    ];
    for (const [sent, answer] of conversation) {
      const [op = 0, ...data] = fromHex(sent);
      const reply = await one({ op, data: Uint8Array.from(data) });
      expect(reply.op).toBe(op);
      const [code, ...rest] = answer.split(' ');
      expect(`${sent} -> ${reply.status.toString(16).padStart(4, '0')}`).toBe(`${sent} -> ${code}`);
      if (sent !== '10 00 00') expect(`${sent} -> ${toHex(reply.data)}`).toBe(`${sent} -> ${rest.join('')}`);
    }
    expect(await ask(setBaudRequest(921_600))).toMatchObject([{ op: opcode.setBaud, status: 0 }]);
    expect(reader.state.baud).toBe(921_600);
    said.length = 0;
    await clock.advance(5000);
    expect(said).toEqual([]);
  });

  it.each([
    ['an opcode that it does not know', '55', status.invalidOpcode],
    ['data behind a command without any', '03 00', status.wrongLength],
    ['a region of no country here', '97 0C', status.invalidRegion],
    ['a region of two bytes', '97 08 08', status.wrongLength],
    ['too much power', '92 7530', status.powerTooHigh],
    ['too little power', '92 0001', status.powerTooLow],
    ['a port that it does not have', '91 02 0505', status.invalidParameter],
    ['an option of antennas that it does not have', '61 09', status.invalidParameter],
    ['too much power on one port', '91 03 01 7530', status.powerTooHigh],
    ['another tag protocol', '93 0003', status.invalidProtocol],
    ['a parameter that it does not have', '6A 01 77', status.invalidParameter],
    ['a baud rate that it does not have', '06 00000007', status.invalidBaud],
    ['a search before a region is set', '22 00 0003 00FA', status.transmitterNotSetUp],
    [
      'continuous reading before a region is set',
      '2F 0000 01 22 0000 05 07 22 10 001B 03E8 01FF',
      status.transmitterNotSetUp,
    ],
    ['continuous reading cut short', '2F 0000 01 22', status.wrongLength],
    ['a pin that it does not have', '96 09', status.invalidParameter],
    ['an empty tag buffer', '29 01FF 00', status.notEnoughTagsInBuffer],
  ])('refuses %s', async (_what, sent, code) => {
    const { one } = bench();
    const [op = 0, ...data] = fromHex(sent);
    expect(await one({ op, data: Uint8Array.from(data) })).toMatchObject({ op, status: code });
  });

  it('wants a protocol too', async () => {
    const { one } = bench();
    await one(setRegionRequest(region.eu3));
    expect((await one(readTagRequest(100))).status).toBe(status.noProtocol);
  });

  it('reads one tag as soon as it hears one', async () => {
    const { heard, ask, setUp } = bench();
    await setUp([1]);
    expect(await ask(readTagRequest(1000), 999)).toEqual([]);
    const missed = await ask(versionRequest(), 200);
    expect(missed.map(({ op, status: code }) => [op, code])).toEqual([
      [opcode.readTag, status.noTags],
      [opcode.version, status.ok],
    ]);
    heard.set(1, [at(wrench), at(pliers)]);
    const [found] = await ask(readTagRequest(1000), 140);
    expect(decodeReadTagReply(found?.data ?? new Uint8Array(0))).toMatchObject({ epc: wrench, epcCrc: 0xc9d8 });
  });

  it('gives the tags of a search in as many messages as they need', async () => {
    const { heard, ask, one, setUp } = bench();
    await setUp();
    const epcs = Array.from(
      { length: 12 },
      (_, i) => `E2801160600002000000${(i + 16).toString(16).padStart(4, '0').toUpperCase()}`,
    );
    heard.set(
      3,
      epcs.map((epc) => at(epc, -70)),
    );
    heard.set(4, [at(epcs[0] ?? '', -40)]);
    const [count] = await ask(searchRequest({ flags: 0x0013, timeoutMs: 500 }), 600);
    expect(decodeSearchCountReply(count?.data ?? new Uint8Array(0))?.tags).toBe(13);
    expect((await one({ op: opcode.tagBuffer, data: new Uint8Array(0) })).data).toEqual(Uint8Array.of(0, 13, 0, 0));
    const fetched: string[] = [];
    for (;;) {
      const reply = await one(tagBufferRequest(usualMetadata));
      if (reply.status !== status.ok) break;
      for (const { epc, txPort, epcCrcValid } of decodeTagBufferReply(reply.data)?.records ?? []) {
        expect(epcCrcValid).toBe(true);
        fetched.push(`${epc} ${txPort}`);
      }
    }
    expect(fetched.sort()).toEqual([...epcs.map((epc) => `${epc} 3`), `${epcs[0]} 4`].sort());
    const rewound = await one(tagBufferRequest(0x0004, 1));
    expect(decodeTagBufferReply(rewound.data)?.records.length).toBeGreaterThan(0);
  });

  it('counts a search in one byte when the module is of the older kind', async () => {
    const { heard, ask, setUp } = bench({ ...m6eModel, countLayout: 'u8' });
    await setUp();
    heard.set(1, [at(wrench)]);
    const [count] = await ask(searchRequest({ flags: 0x0003, timeoutMs: 300 }), 400);
    expect(count?.data).toEqual(Uint8Array.of(0, 0, 3, 1));
  });

  it('reads continuously over four antennas and drains before it says that it has stopped', async () => {
    const { heard, ask, rounds, setUp } = bench();
    await setUp();
    heard.set(1, [at(wrench, -52)]);
    heard.set(3, [at(pliers), at(wrench, -70)]);
    const first = await ask(reading, 405);
    expect(kinds(first)).toEqual(['started', 'tag 2E port 1', 'tag 01 port 3', 'tag 2E port 3', 'round-end']);
    expect(rounds.slice(0, 4)).toEqual([1, 2, 3, 4]);
    const [, tag] = first.map((reply) => decodeStreamReply(reply));
    expect(tag).toMatchObject({
      kind: 'tag',
      tag: { rssiDbm: -52, epcCrcValid: true, frequencyKHz: expect.any(Number) },
    });

    await ask(versionRequest(), 200);
    heard.set(3, [at(pliers), at(wrench)]);
    const last = await ask(stopContinuousRequest(), 300);
    expect(last[last.length - 1]).toMatchObject({ op: opcode.continuous, status: 0, data: Uint8Array.of(2, 0, 0) });
    expect(await ask(versionRequest(), 2000)).toMatchObject([{ op: opcode.version }]);
  });

  it('sends the tags of the round in the air after it was told to stop', async () => {
    const { heard, ask, clock, said, setUp } = bench();
    await setUp([1]);
    heard.set(1, [at(wrench), at(pliers), at(wrench, -60)]);
    await ask(reading, 15);
    expect(kinds(said)).toEqual(['started', 'tag 2E port 1']);
    const rest = await ask(stopContinuousRequest(), 100);
    expect(kinds(rest)).toEqual(['tag 01 port 1', 'tag 2E port 1', 'stopped']);
    said.length = 0;
    await clock.advance(1000);
    expect(said).toEqual([]);
  });

  it('says that a round without tags is over', async () => {
    const { ask, setUp } = bench();
    await setUp();
    const replies = await ask(reading, 1250);
    expect(replies.slice(1).map(({ op, status: code }) => [op, code])).toEqual([
      [opcode.search, status.noTags],
      [opcode.search, status.noTags],
      [opcode.search, status.noTags],
    ]);
  });

  it('suppresses repeats while its read filter is on', async () => {
    const { heard, ask, one, setUp } = bench();
    await setUp([1]);
    await one(setReaderParamRequest({ key: readerParam.readFilter, value: Uint8Array.of(1) }));
    heard.set(1, [at(wrench)]);
    const replies = await ask(reading, 2100);
    expect(kinds(replies).filter((kind) => kind.startsWith('tag'))).toEqual(['tag 2E port 1']);
  });

  it('names only the metadata that was asked for', async () => {
    const { heard, ask, setUp } = bench();
    await setUp([2]);
    heard.set(2, [at(wrench)]);
    const replies = await ask(startContinuousRequest({ flags: 0x001b, timeoutMs: 400, metadataFlags: 0x0006 }), 100);
    const tag = decodeStreamReply(replies[1] as MercuryReply);
    expect(tag).toMatchObject({ kind: 'tag', tag: { rssiDbm: -55, txPort: 2, readCount: null, timestampMs: null } });
  });

  it('sends its temperature with each round when asked', async () => {
    const { ask, setUp } = bench();
    await setUp();
    const search = {
      flags: 0x011b,
      timeoutMs: 300,
      metadataFlags: 0x01ff,
      statisticsFlags: statisticsFlag.temperature,
    };
    const replies = await ask(startContinuousRequest(search), 350);
    const statistics = replies.map((reply) => decodeStreamReply(reply)).find(({ kind }) => kind === 'statistics');
    expect(statistics?.kind === 'statistics' && temperatureOf(statistics.statistics)).toBe(34);
    // The library of the maker expects no metadata flags in these frames, whatever the tags carry.
    expect(replies.map(({ data }) => toHex(data))).toContain('00011B02820082000122');
  });

  it('reports its status in fixed fields when asked in the older way', async () => {
    const { ask, setUp } = bench();
    await setUp([2]);
    const search = { flags: 0x003b, timeoutMs: 300, metadataFlags: 0x01ff, statisticsFlags: 0x000c };
    const replies = await ask(startContinuousRequest(search), 350);
    expect(replies.map((reply) => decodeStreamReply(reply))).toContainEqual({
      kind: 'status',
      report: { frequencyKHz: null, temperatureC: 34, txPort: 2, rxPort: 2 },
    });
  });

  it('carries out another command while it reads', async () => {
    const { ask, setUp } = bench();
    await setUp();
    await ask(reading, 10);
    const [reply] = await ask(whileReadingRequest(temperatureRequest()));
    expect(decodeContinuousReply(reply as MercuryReply)).toEqual({
      kind: 'command',
      op: opcode.temperature,
      data: Uint8Array.of(34),
    });
  });

  it('reports a missing antenna only while it looks for antennas', async () => {
    const { ask, one, reader, setUp } = bench();
    reader.state.missingPorts.add(2);
    expect((await one({ op: opcode.getAntennas, data: Uint8Array.of(5) })).data).toEqual(
      Uint8Array.of(5, 1, 1, 2, 0, 3, 1, 4, 1),
    );
    await setUp();
    expect((await ask(reading, 450)).map(({ status: code }) => code)).not.toContain(status.antennaMissing);
    await ask(stopContinuousRequest(), 300);
    await one(setReaderParamRequest({ key: readerParam.antennaCheck, value: Uint8Array.of(1) }));
    expect((await ask(reading, 450)).map(({ status: code }) => code)).toContain(status.antennaMissing);
  });

  it('hears every port in a search, however many tags answer', async () => {
    const { heard, ask, rounds, setUp } = bench();
    await setUp();
    const crowd = Array.from({ length: 50 }, (_, i) => at(`E28011606000020000000${i + 100}`));
    for (const port of [1, 2, 3, 4]) heard.set(port, crowd);
    const said = kinds(await ask(reading, 900));
    expect(said.slice(1, said.indexOf('round-end'))).toHaveLength(200);
    expect(rounds.slice(0, 5)).toEqual([1, 2, 3, 4, 1]);
  });

  it('never reaches the last ports when ports are dwelt on longer than a search takes', async () => {
    const { ask, one, rounds, setUp } = bench();
    await setUp();
    const ports = [1, 2, 3, 4].map((port) => ({ port, dwellMs: 200 }));
    await one(setAntennasRequest({ kind: 'dwell', ports }));
    await ask(reading, 1600);
    expect(new Set(rounds)).toEqual(new Set([1, 2]));
  });

  it('reads the memory of a tag and refuses to write it', async () => {
    const { heard, ask, setUp } = bench();
    await setUp([1]);
    heard.set(1, [at(wrench)]);
    const [op = 0, ...data] = fromHex('28 03E8 00 01 00000002 06');
    const [read] = await ask({ op, data: Uint8Array.from(data) }, 200);
    expect(toHex(read?.data ?? new Uint8Array(0))).toBe(`00${wrench}`);
    const [withMetadata] = await ask({ op, data: fromHex('03E8 10 00C4 01 00000002 02') }, 200);
    expect(toHex(withMetadata?.data ?? new Uint8Array(0))).toBe(`1000C411050000${wrench.slice(0, 8)}`);
    const [beyond] = await ask({ op, data: fromHex('03E8 00 01 00000002 20') }, 200);
    expect(beyond?.status).toBe(0x0423);
    const [written] = await ask({ op: opcode.writeData, data: fromHex('03E8 00 00000000 03 00EE') }, 200);
    expect(written?.status).toBe(0x0424);
  });

  it('forgets everything in a restart and announces itself', async () => {
    const { ask, clock, heard, one, reader, said, setUp } = bench();
    await setUp();
    heard.set(1, [at(wrench)]);
    await ask(reading, 500);
    said.length = 0;
    reader.restart();
    await clock.advance(149);
    expect(said).toEqual([]);
    await clock.advance(2000);
    expect(said).toMatchObject([{ op: opcode.bootApplication, status: 0 }]);
    expect((await one({ op: opcode.getRegion, data: new Uint8Array(0) })).data).toEqual(Uint8Array.of(0));
    expect((await one(getReaderParamRequest(readerParam.readFilter))).data).toEqual(Uint8Array.of(1, 0x0c, 1));
    expect((await ask(reading))[0]?.status).toBe(status.transmitterNotSetUp);
  });

  it('stays in its boot loader when told', async () => {
    const { one } = bench();
    expect((await one(bootBootloaderRequest())).status).toBe(status.ok);
    expect((await one(temperatureRequest())).status).toBe(status.invalidOpcode);
    expect((await one(versionRequest())).status).toBe(status.ok);
  });

  it('lets behaviours answer, swallow and alter, newest first', async () => {
    const { ask, heard, one, reader, said, setUp } = bench();
    await setUp([1]);
    const hot = reader.addBehaviour({
      name: 'too hot',
      onRequest: (frame, handle) => {
        if (frame.op !== opcode.continuous) return 'pass';
        handle.reply(frame.op, status.tooHot, new Uint8Array(0));
        return 'answered';
      },
    });
    expect((await one(reading)).status).toBe(status.tooHot);
    const mute = reader.addBehaviour({ name: 'mute', onRequest: () => 'swallow' });
    expect(await ask(versionRequest())).toEqual([]);
    mute();
    hot();
    heard.set(1, [at(wrench), at(pliers)]);
    reader.addBehaviour({ name: 'misses pliers', onRound: (reads) => reads.filter(({ epc }) => epc !== pliers) });
    await ask(reading, 50);
    expect(kinds(said)).toEqual(['started', 'tag 2E port 1']);
    reader.addBehaviour({ name: 'cable cut', onSend: () => null });
    expect(await ask(versionRequest())).toEqual([]);
  });

  it('answers after garbage', async () => {
    const { clock, one, reader } = bench();
    reader.receive(fromHex('00 FF 10 03 41 42 43 FF FF'));
    await clock.advance(200);
    expect((await one(versionRequest())).status).toBe(status.ok);
    expect(reader.counters.discardedBytes).toBe(9);
  });

  it('keeps the power that it has when it refuses another', async () => {
    const { one } = bench();
    await one(setPowerRequest('read', 2700));
    expect((await one(setPowerRequest('read', 9000))).status).toBe(status.powerTooHigh);
    expect((await one({ op: opcode.getReadPower, data: Uint8Array.of(0) })).data).toEqual(Uint8Array.of(0, 0x0a, 0x8c));
  });
});
