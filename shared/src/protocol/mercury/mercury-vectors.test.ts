import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { mercuryStreams, mercuryVectors } from './mercury.vectors.js';
import { decodeAntennasReply, decodeGetAntennasRequest, decodeSetAntennasRequest } from './mercury-antenna-commands.js';
import { opcode, region } from './mercury-constants.js';
import { decodeContinuousReply, decodeContinuousRequest, decodeStreamReply } from './mercury-continuous-commands.js';
import { encodeReply, encodeRequest, type MercuryReply } from './mercury-frame.js';
import { decodeGpioReply } from './mercury-gpio-commands.js';
import {
  decodeCurrentProgramReply,
  decodeHardwareVersionReply,
  decodeHardwareVersionRequest,
  decodeModeByte,
  decodeSetBaudRequest,
  decodeTemperatureReply,
  decodeVersionReply,
  hardwareVersionReply,
  versionText,
} from './mercury-module-commands.js';
import {
  decodeGetProtocolParamRequest,
  decodeGetReaderParamRequest,
  decodeProtocolParamData,
  decodeReaderParamData,
} from './mercury-param-commands.js';
import { createMercuryParser } from './mercury-parser.js';
import {
  decodeGetPowerRequest,
  decodeHopTableData,
  decodePowerReply,
  decodeProtocolData,
  decodeProtocolsReply,
  decodeRegionData,
  decodeRegionsReply,
  decodeSetPowerRequest,
} from './mercury-radio-commands.js';
import {
  decodeReadTagReply,
  decodeReadTagRequest,
  decodeSearchCountReply,
  decodeSearchRequest,
  decodeTagBufferReply,
  decodeTagBufferRequest,
} from './mercury-search-commands.js';
import {
  decodeStatisticsReply,
  decodeStatisticsRequest,
  statisticsReply,
  temperatureOf,
} from './mercury-statistics.js';
import type { MercuryTagRecord } from './mercury-tag-record.js';

type Fields = Record<string, unknown>;

interface ParsedLine {
  readonly frames: readonly MercuryReply[];
  readonly discarded: Readonly<Record<string, number>>;
}

function parse(direction: 'request' | 'reply', hex: string): ParsedLine {
  const frames: MercuryReply[] = [];
  const discarded: Record<string, number> = {};
  const parser = createMercuryParser({
    direction,
    onFrame: (frame) => frames.push(frame),
    onDiscard: (reason, bytes) => {
      discarded[reason] = (discarded[reason] ?? 0) + bytes;
    },
  });
  parser.push(fromHex(hex));
  while (parser.pendingBytes > 0) parser.flushStale();
  return { frames, discarded };
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0').toUpperCase();
}

function lowerHex(bytes: Uint8Array): string {
  return toHex(bytes).toLowerCase();
}

function regionName(code: number | null): string | undefined {
  return Object.entries(region)
    .find(([, value]) => value === code)?.[0]
    .toUpperCase();
}

/** What our decoders say of a request, in the words of the vectors; keys that a vector lacks are not compared. */
function describeRequest(op: number, data: Uint8Array): Fields {
  switch (op) {
    case opcode.readTag:
      return { timeoutMs: decodeReadTagRequest(data)?.timeoutMs };
    case opcode.search: {
      const search = decodeSearchRequest(data);
      return search === null
        ? {}
        : {
            option: toHex(Uint8Array.of(search.option)),
            searchFlags: hex16(search.flags),
            timeoutMs: search.timeoutMs,
          };
    }
    case opcode.tagBuffer: {
      const request = decodeTagBufferRequest(data);
      return request === null || request === 'indices'
        ? {}
        : { metadataFlags: hex16(request.metadataFlags), readOption: request.option };
    }
    case opcode.continuous: {
      const request = decodeContinuousRequest(data);
      if (request?.kind === 'stop') return { action: 'stop', timeoutMs: 0 };
      if (request?.kind !== 'start') return {};
      const { search } = request;
      return {
        timeoutMs: request.timeoutMs,
        action: 'start-continuous',
        subOp: '22',
        searchFlags: hex16(request.flags),
        protocol: request.protocol,
        planLen: data[7],
        plan: {
          op: '22',
          option: toHex(Uint8Array.of(search.option)),
          searchFlags: hex16(search.flags),
          timeoutMs: search.timeoutMs,
          metadataFlags: hex16(search.metadataFlags ?? -1),
        },
      };
    }
    case opcode.setBaud:
      return { baud: decodeSetBaudRequest(data) ?? { raw: toHex(data) } };
    case opcode.hardwareVersion: {
      const request = decodeHardwareVersionRequest(data);
      return { data: request === null ? null : lowerHex(Uint8Array.of(request.option, request.flags)) };
    }
    case opcode.getAntennas:
      return { option: decodeGetAntennasRequest(data) };
    case opcode.setAntennas: {
      const setting = decodeSetAntennasRequest(data);
      if (setting?.kind === 'pair') return setting.pair as unknown as Fields;
      if (setting?.kind === 'search-list') return { searchList: setting.list };
      if (setting?.kind === 'dwell') {
        return { perAntennaTimeMs: setting.ports.map(({ port, dwellMs }) => ({ port, ms: dwellMs })) };
      }
      return {};
    }
    case opcode.getReadPower:
      return { option: decodeGetPowerRequest(data) === 'limits' ? 1 : 0 };
    case opcode.setReadPower:
    case opcode.setWritePower:
      return { powerCentiDbm: decodeSetPowerRequest(data) };
    case opcode.setProtocol:
      return { protocol: decodeProtocolData(data) };
    case opcode.setRegion:
      return { region: regionName(decodeRegionData(data)) };
    case opcode.setPowerMode:
      return { data: lowerHex(Uint8Array.of(decodeModeByte(data) ?? -1)) };
    case opcode.getReaderParam:
      return { key: decodeGetReaderParamRequest(data) };
    case opcode.setReaderParam: {
      const param = decodeReaderParamData(data);
      return param === null ? {} : { key: param.key, value: toHex(param.value) };
    }
    case opcode.getProtocolParam:
      return { ...decodeGetProtocolParamRequest(data) };
    case opcode.setProtocolParam: {
      const param = decodeProtocolParamData(data);
      return param === null ? {} : { protocol: param.protocol, key: param.key, value: toHex(param.value) };
    }
    case opcode.statistics: {
      const request = decodeStatisticsRequest(data);
      if (request === null) return {};
      return { data: lowerHex(statisticsReply(request.option, { flags: request.flags, fields: [] })) };
    }
    default:
      return { data: lowerHex(data) };
  }
}

function describeTag(tag: MercuryTagRecord): Fields {
  return {
    readCount: tag.readCount,
    rssiDbm: tag.rssiDbm,
    txPort: tag.txPort,
    rxPort: tag.rxPort,
    frequencyKHz: tag.frequencyKHz,
    timestampMs: tag.timestampMs,
    phase: tag.phase,
    protocol: tag.protocol,
    dataBits: tag.data?.bits ?? null,
    gpio: tag.gpio,
    gen2Q: tag.q,
    gen2LinkFrequency: tag.linkFrequency,
    gen2Target: tag.target,
    pc: hex16(tag.pc),
    epc: tag.epc,
    epcCrc: hex16(tag.epcCrc),
    epcCrcValid: tag.epcCrcValid,
  };
}

function describeSearchReply(reply: MercuryReply): Fields {
  const count = decodeSearchCountReply(reply.data);
  if (count !== null) return { tags: count.tags };
  const stream = decodeStreamReply(reply);
  if (stream.kind === 'tag') return { tag: describeTag(stream.tag) };
  if (stream.kind === 'round-end') return { meaning: 'end of search cycle' };
  if (stream.kind === 'problem') return { meaning: 'end of search cycle' };
  if (stream.kind === 'statistics') return { temperatureC: temperatureOf(stream.statistics) };
  return { mustReject: true };
}

/** What our decoders say of a reply, in the words of the vectors. */
function describeReply(reply: MercuryReply): Fields {
  const { op, data } = reply;
  if (op === opcode.search) return describeSearchReply(reply);
  if (op === opcode.continuous) {
    const { kind } = decodeContinuousReply(reply);
    return { action: kind === 'started' ? 'start-ack' : kind === 'stopped' ? 'stop-ack' : kind };
  }
  if (reply.status !== 0) return {};
  switch (op) {
    case opcode.version:
    case opcode.bootApplication: {
      const version = decodeVersionReply(data);
      if (version === null) return {};
      return {
        bootloader: versionText(version.bootloader).toLowerCase(),
        hardware: versionText(version.hardware).toLowerCase(),
        firmwareDate: version.firmwareDate.toString(16).padStart(8, '0'),
        firmware: versionText(version.firmware).toLowerCase(),
        protocolMask: version.protocolMask.toString(16).padStart(8, '0'),
      };
    }
    case opcode.currentProgram:
      return { program: decodeCurrentProgramReply(data) };
    case opcode.hardwareVersion: {
      const version = decodeHardwareVersionReply(data);
      return { data: version === null ? null : lowerHex(hardwareVersionReply(version)) };
    }
    case opcode.readTag: {
      const read = decodeReadTagReply(data);
      return read === null ? {} : { option: read.option, epc: read.epc, epcCrc: hex16(read.epcCrc) };
    }
    case opcode.tagBuffer: {
      const buffer = decodeTagBufferReply(data);
      return buffer === null
        ? {}
        : { option: buffer.option, tagCount: buffer.records.length, tags: buffer.records.map(describeTag) };
    }
    case opcode.getAntennas: {
      const report = decodeAntennasReply(data);
      if (report?.kind === 'sensed') {
        return { option: 5, detected: report.ports.map(({ port, sensed }) => ({ port, connected: sensed })) };
      }
      if (report?.kind === 'pair') return { option: 1 };
      if (report?.kind !== 'power') return {};
      const perPort = report.ports.map(({ port, readCentiDbm, writeCentiDbm, settlingUs }) => ({
        port,
        readCentiDbm: readCentiDbm & 0xffff,
        writeCentiDbm: (writeCentiDbm ?? 0) & 0xffff,
        settlingUs,
      }));
      return { option: 4, perPort };
    }
    case opcode.getReadPower: {
      const power = decodePowerReply(data);
      return {
        setCentiDbm: power?.centiDbm,
        maxCentiDbm: power?.limits?.maxCentiDbm,
        minCentiDbm: power?.limits?.minCentiDbm,
      };
    }
    case opcode.getProtocol:
      return { protocol: decodeProtocolData(data) };
    case opcode.getHopTable:
      return { hopTableKHz: decodeHopTableData(data) };
    case opcode.getGpio:
      return {
        option: 1,
        pins: decodeGpioReply(data)?.map(({ pin, output, high }) => ({ id: pin, output: +output, high: +high })),
      };
    case opcode.getRegion:
      return { region: regionName(decodeRegionData(data)) };
    case opcode.getPowerMode:
      return { data: lowerHex(Uint8Array.of(decodeModeByte(data) ?? -1)) };
    case opcode.getReaderParam: {
      const param = decodeReaderParamData(data);
      return param === null ? {} : { key: param.key, value: toHex(param.value) };
    }
    case opcode.getProtocolParam: {
      const param = decodeProtocolParamData(data);
      return param === null ? {} : { protocol: param.protocol, key: param.key, value: toHex(param.value) };
    }
    case opcode.statistics: {
      const statistics = decodeStatisticsReply(data);
      return statistics === null ? {} : { data: lowerHex(statisticsReply(statistics.option, statistics)) };
    }
    case opcode.protocols:
      return { protocols: decodeProtocolsReply(data) };
    case opcode.regions:
      return { regions: decodeRegionsReply(data) };
    case opcode.temperature:
      return { temperatureC: decodeTemperatureReply(data) };
    default:
      return { data: lowerHex(data) };
  }
}

interface Vector {
  readonly id: string;
  readonly direction: 'request' | 'reply';
  readonly hex: string;
  readonly standing: 'good' | 'bad';
  readonly decoded: Fields;
}

function checkVector(vector: Vector): void {
  const { frames, discarded } = parse(vector.direction, vector.hex);
  if (vector.standing === 'bad') {
    expect(frames).toEqual([]);
    expect(Object.values(discarded).reduce((sum, bytes) => sum + bytes, 0)).toBe(vector.hex.length / 2);
    expect(discarded.crc).toBe(1);
    return;
  }
  expect(frames).toHaveLength(1);
  expect(discarded).toEqual({});
  const [frame] = frames;
  if (frame === undefined) return;
  const again =
    vector.direction === 'request'
      ? encodeRequest(frame.op, frame.data)
      : encodeReply(frame.op, frame.status, frame.data);
  expect(lowerHex(again)).toBe(vector.hex);
  const described = vector.direction === 'request' ? describeRequest(frame.op, frame.data) : describeReply(frame);
  if (typeof vector.decoded.status === 'string') expect(hex16(frame.status)).toBe(vector.decoded.status);
  if ('mustReject' in vector.decoded) expect(described).toEqual({ mustReject: true });
  for (const [key, said] of Object.entries(described)) {
    const expected = vector.decoded[key];
    if (key === 'tag') expect(said).toMatchObject(known(expected as Fields));
    else if (key === 'tags' && Array.isArray(expected)) expect(said).toMatchObject(expected.map(known));
    else if (key === 'key' && typeof expected === 'string') expect(typeof said).toBe('number');
    else if (key === 'meaning') expect(expected).toMatch(said as string);
    else if (expected !== undefined && key !== 'mustReject') expect(said, `${vector.id} ${key}`).toEqual(expected);
  }
}

/** The parts of a vector's tag that our record has too. */
function known(tag: Fields): Fields {
  const { antennaByte: _antenna, epcFieldBits: _bits, ...rest } = tag;
  return rest;
}

describe('the Mercury codec', () => {
  it.each(mercuryVectors)('$direction $id means what its origin says', checkVector);

  it.each(mercuryStreams)('finds the frames of the byte line $id', ({ hex, frames }) => {
    const expected = frames.map((id) => mercuryVectors.find((vector) => vector.id === id)?.hex);
    const parsed = parse('reply', hex);
    expect(parsed.frames.map((frame) => lowerHex(encodeReply(frame.op, frame.status, frame.data)))).toEqual(expected);
    const inFrames = parsed.frames.reduce((sum, frame) => sum + frame.data.length + 7, 0);
    const dropped = Object.values(parsed.discarded).reduce((sum, bytes) => sum + bytes, 0);
    expect(inFrames + dropped).toBe(hex.length / 2);
  });
});

const research = new URL('../../../../../shared/data/vectors/mercury-frames.json', import.meta.url);

describe.skipIf(!existsSync(research))(
  'the Mercury codec against the research vectors (skipped where they are absent)',
  () => {
    it('agrees with all of them', () => {
      const { vectors } = JSON.parse(readFileSync(research, 'utf8')) as {
        vectors: { id: string; direction: string; hex: string; crcValid: boolean; decoded: Fields }[];
      };
      expect(vectors.length).toBeGreaterThan(150);
      for (const { id, direction, hex, crcValid, decoded } of vectors) {
        checkVector({
          id,
          direction: direction === 'host>reader' ? 'request' : 'reply',
          hex,
          standing: crcValid ? 'good' : 'bad',
          decoded,
        });
      }
    });
  },
);
