import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { setAntennasRequest } from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import { opcode, readerParam, usualMetadata } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeContinuousReply,
  decodeStreamReply,
  startContinuousRequest,
  stopContinuousRequest,
  whileReadingRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { MercuryReply } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { temperatureRequest, versionRequest } from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { setReaderParamRequest } from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
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
import { describe, expect, it } from 'vitest';
import { m6eModel } from './reader-model.js';
import { at, bench, kinds, pliers, reading, wrench } from './testing/uhf-reader-bench.js';

describe('createUhfReader on the air', () => {
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
});
