import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../bytes/hex.js';
import { ByteCursor } from '../byte-cursor.js';
import { mercuryVectors } from './mercury.vectors.js';
import { antennasReply, getAntennasRequest, setAntennasRequest } from './mercury-antenna-commands.js';
import { gen2Param, gen2Target, opcode, readerParam, region, usualMetadata } from './mercury-constants.js';
import {
  decodeStreamReply,
  startContinuousRequest,
  startedReply,
  stopContinuousRequest,
  stoppedReply,
  streamStatisticsReply,
  streamTagReply,
} from './mercury-continuous-commands.js';
import { encodeReply, encodeRequest, type MercuryRequest } from './mercury-frame.js';
import { getGpioRequest, gpioReply, pinDirectionReply, setGpioRequest } from './mercury-gpio-commands.js';
import {
  bootApplicationRequest,
  currentProgramReply,
  currentProgramRequest,
  getPowerModeRequest,
  hardwareVersionRequest,
  setBaudRequest,
  setPowerModeRequest,
  temperatureReply,
  temperatureRequest,
  versionReply,
  versionRequest,
} from './mercury-module-commands.js';
import {
  getProtocolParamRequest,
  getReaderParamRequest,
  protocolParamData,
  readerParamData,
  setGen2ParamRequest,
  setReaderParamRequest,
} from './mercury-param-commands.js';
import {
  getHopTableRequest,
  getPowerRequest,
  getProtocolRequest,
  getProtocolsRequest,
  getRegionRequest,
  getRegionsRequest,
  hopTableData,
  powerReply,
  protocolData,
  protocolsReply,
  setHopTimeRequest,
  setPowerRequest,
  setProtocolRequest,
  setRegionRequest,
} from './mercury-radio-commands.js';
import {
  clearTagBufferRequest,
  decodeTagBufferReply,
  readTagReply,
  readTagRequest,
  searchCountReply,
  searchRequest,
  tagBufferReply,
  tagBufferRequest,
} from './mercury-search-commands.js';
import { statisticsFlag, statisticsRequest, temperatureOf } from './mercury-statistics.js';
import { status } from './mercury-status.js';

function hexOf(id: string): string {
  return mercuryVectors.find((vector) => vector.id === id)?.hex ?? `no vector ${id}`;
}

function dataOf(id: string): Uint8Array {
  return fromHex(hexOf(id)).slice(5, -2);
}

const requests: readonly (readonly [string, MercuryRequest])[] = [
  ['req-version', versionRequest()],
  ['req-boot-firmware', bootApplicationRequest()],
  ['req-get-current-program', currentProgramRequest()],
  ['req-set-baud-rate', setBaudRequest(115_200)],
  ['calc-req-baud-921600', setBaudRequest(921_600)],
  ['req-get-hw-version', hardwareVersionRequest()],
  ['req-get-hw-version-2', hardwareVersionRequest(0, 0x40)],
  ['req-get-temperature', temperatureRequest()],
  ['req-get-power-mode', getPowerModeRequest()],
  ['req-set-power-mode', setPowerModeRequest(3)],
  ['req-get-read-power', getPowerRequest('read', 'limits')],
  ['req-get-read-power-2', getPowerRequest('read', 'value')],
  ['calc-req-read-power-27dBm', setPowerRequest('read', 2700)],
  ['req-set-write-power', setPowerRequest('write', 2700)],
  ['req-get-protocol', getProtocolRequest()],
  ['req-set-protocol', setProtocolRequest(5)],
  ['req-get-protocols', getProtocolsRequest()],
  ['req-get-regions', getRegionsRequest()],
  ['req-get-region', getRegionRequest()],
  ['calc-req-region-eu3', setRegionRequest(region.eu3)],
  ['req-get-hop-table', getHopTableRequest()],
  ['silion-dwell-5s', setHopTimeRequest(5000)],
  ['req-get-gpio', getGpioRequest()],
  ['req-set-gpio-2', setGpioRequest({ kind: 'direction', pin: 2 })],
  ['req-get-antenna-2', getAntennasRequest(4)],
  ['calc-req-single-antenna-1', setAntennasRequest({ kind: 'pair', pair: { tx: 1, rx: 1 } })],
  [
    'calc-req-search-list-4-antennas',
    setAntennasRequest({ kind: 'search-list', list: [1, 2, 3, 4].map((port) => ({ tx: port, rx: port })) }),
  ],
  ['req-set-antenna-2', setAntennasRequest({ kind: 'dwell', ports: [1, 2].map((port) => ({ port, dwellMs: 125 })) })],
  ['req-get-reader-param-5', getReaderParamRequest(readerParam.readFilter)],
  ['req-set-reader-param-2', setReaderParamRequest({ key: readerParam.readFilter, value: Uint8Array.of(0) })],
  ['req-get-protocol-param-6', getProtocolParamRequest(gen2Param.q)],
  ['calc-req-session-s1', setGen2ParamRequest(gen2Param.session, 1)],
  ['calc-req-target-b', setGen2ParamRequest(gen2Param.target, gen2Target.b)],
  ['req-set-protocol-param-6', setGen2ParamRequest(gen2Param.target, gen2Target.ab, 2)],
  ['calc-req-static-q4', setGen2ParamRequest(gen2Param.q, 0x0104)],
  ['req-get-stats', statisticsRequest({ option: 1, flags: 0x0fc1 })],
  ['req-read-tag-single', readTagRequest(1000)],
  ['req-read-tag-multiple', searchRequest({ flags: 0x0013, timeoutMs: 10 })],
  ['req-get-tag-buffer', tagBufferRequest(usualMetadata)],
  ['req-clear-tag-buffer', clearTagBufferRequest()],
  ['req-multi-protocol-op', startContinuousRequest({ flags: 0x001b, timeoutMs: 1000, metadataFlags: usualMetadata })],
  ['req-multi-protocol-op-2', stopContinuousRequest()],
];

const replies: readonly (readonly [string, number, Uint8Array])[] = [
  [
    'rsp-version-3',
    opcode.version,
    versionReply({
      bootloader: 0x14120800,
      hardware: 0x30000002,
      firmwareDate: 0x20220804,
      firmware: 0x010b0125,
      protocolMask: 0x10,
    }),
  ],
  ['rsp-get-current-program', opcode.currentProgram, currentProgramReply('application')],
  ['rsp-get-current-program-2', opcode.currentProgram, currentProgramReply('application', 0x50)],
  ['rsp-get-temperature', opcode.temperature, temperatureReply(30)],
  ['rsp-get-read-power-4', opcode.getReadPower, powerReply({ centiDbm: 1200, limits: null })],
  [
    'rsp-get-read-power',
    opcode.getReadPower,
    powerReply({ centiDbm: 2300, limits: { maxCentiDbm: 2300, minCentiDbm: 1000 } }),
  ],
  ['rsp-get-protocol-2', opcode.getProtocol, protocolData(5)],
  ['rsp-get-protocols', opcode.protocols, protocolsReply([5])],
  ['rsp-get-gpio', opcode.getGpio, gpioReply([1, 2, 3, 4].map((pin) => ({ pin, output: true, high: false })))],
  ['rsp-set-gpio', opcode.setGpio, pinDirectionReply(1, true)],
  ['rsp-get-antenna-2', opcode.getAntennas, antennasReply({ kind: 'sensed', ports: [{ port: 1, sensed: false }] })],
  ['rsp-get-reader-param-5', opcode.getReaderParam, readerParamData({ key: 12, value: Uint8Array.of(1) })],
  [
    'rsp-get-protocol-param-5',
    opcode.getProtocolParam,
    protocolParamData({ protocol: 5, key: 1, value: Uint8Array.of(1, 0) }),
  ],
  ['rsp-read-tag-single', opcode.readTag, readTagReply('E200322FE20DF9311328B7E3', null)],
  ['rsp-read-tag-single-3', opcode.readTag, readTagReply('E200322FE20DF9311328B7E3', 0)],
  ['rsp-multi-protocol-op', opcode.continuous, startedReply()],
  ['calc-rsp-stop-ack', opcode.continuous, stoppedReply()],
  [
    'calc-rsp-sync-search-2-tags',
    opcode.search,
    searchCountReply({ option: 0x13, extendedOption: null, flags: 3, tags: 2 }, 'u32'),
  ],
  [
    'rsp-stream-stats-temperature',
    opcode.search,
    streamStatisticsReply(
      { option: 0x88, extendedOption: 0, flags: 0x011b, metadataFlags: null },
      { flags: statisticsFlag.temperature, fields: [{ flag: statisticsFlag.temperature, value: Uint8Array.of(28) }] },
    ),
  ],
  [
    'calc-rsp-stream-tag-9',
    opcode.search,
    streamTagReply(
      { option: 0x10, extendedOption: null, flags: 0x001b, metadataFlags: 0x0017 },
      { epc: '3474257BF40000000000162E', rssiDbm: -40, txPort: 1, timestampMs: 99 },
    ),
  ],
];

describe('Mercury commands', () => {
  it.each(requests)('are written as in %s', (id, request) => {
    expect(toHex(encodeRequest(request.op, request.data)).toLowerCase()).toBe(hexOf(id));
  });

  it.each(replies)('are answered as in %s', (id, op, data) => {
    expect(toHex(encodeReply(op, status.ok, data)).toLowerCase()).toBe(hexOf(id));
  });

  it('write the hop table as the module lists it', () => {
    const data = dataOf('rsp-get-hop-table');
    const kHz = Array.from({ length: 50 }, (_, i) => new ByteCursor(data, 4 * i).u32());
    expect(toHex(hopTableData(kHz))).toBe(toHex(data));
  });

  it('write two tags into one buffer reply and read them again', () => {
    const id = 'calc-rsp-tag-buffer-2';
    const buffer = decodeTagBufferReply(dataOf(id));
    expect(buffer?.refused).toBe(0);
    expect(buffer?.records.map(({ epc }) => epc)).toEqual(['3474257BF40000000000162E', '3374257BF40C0E400000162E']);
    const again = tagBufferReply({ metadataFlags: usualMetadata, option: 0 }, buffer?.records ?? []);
    expect(toHex(encodeReply(opcode.tagBuffer, 0, again)).toLowerCase()).toBe(hexOf(id));
  });

  it('count a record that a buffer reply announces and does not hold', () => {
    const cut = dataOf('calc-rsp-tag-buffer-2').slice(0, -3);
    expect(decodeTagBufferReply(cut)).toMatchObject({ records: [{ txPort: 1 }], refused: 1 });
  });

  it('refuse a tag whose EPC would have a negative length', () => {
    const reply = { op: opcode.search, status: status.ok, data: dataOf('rsp-malformed-tag') };
    expect(decodeStreamReply(reply)).toEqual({ kind: 'malformed' });
  });

  it('read the temperature out of a stream', () => {
    const reply = decodeStreamReply({ op: opcode.search, status: 0, data: dataOf('rsp-stream-stats-temperature') });
    expect(reply.kind === 'statistics' && temperatureOf(reply.statistics)).toBe(28);
  });

  it.each([
    [status.noTags, 'round-end'],
    [status.antennaMissing, 'problem'],
    [status.tooHot, 'problem'],
    [status.highReturnLoss, 'problem'],
    [status.tagBufferFull, 'problem'],
    [status.ok, 'round-end'],
  ])('take an empty stream frame with status %i as %s', (code, kind) => {
    expect(decodeStreamReply({ op: opcode.search, status: code, data: new Uint8Array(0) }).kind).toBe(kind);
  });
});
