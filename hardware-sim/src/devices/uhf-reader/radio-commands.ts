import { opcode } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeGetProtocolParamRequest,
  decodeGetReaderParamRequest,
  decodeProtocolParamData,
  decodeReaderParamData,
  protocolParamData,
  readerParamData,
} from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import {
  decodeGetPowerRequest,
  decodeHopTableData,
  decodeProtocolData,
  decodeRegionData,
  decodeSetHopTimeRequest,
  decodeSetPowerRequest,
  hopTableData,
  type PowerKind,
  powerReply,
  protocolData,
  protocolsReply,
} from '@tagtrail/shared/protocol/mercury/mercury-radio-commands.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { type Answer, bare, type Command, decoded, done, type ReaderContext, refused } from './answer.js';
import { hopTableOf } from './reader-model.js';

/** The status that refuses a power, or null when the module can give it. */
export function powerFault(centiDbm: number, { model }: ReaderContext): number | null {
  if (centiDbm > model.maxCentiDbm) return status.powerTooHigh;
  return centiDbm < model.minCentiDbm ? status.powerTooLow : null;
}

function getPower(kind: PowerKind): Command {
  return decoded(decodeGetPowerRequest, (question, { model, state }) => {
    const centiDbm = kind === 'read' ? state.readCentiDbm : state.writeCentiDbm;
    if (question === 'bare') return done(powerReply({ centiDbm, limits: null }).slice(1));
    const { maxCentiDbm, minCentiDbm } = model;
    return done(powerReply({ centiDbm, limits: question === 'limits' ? { maxCentiDbm, minCentiDbm } : null }));
  });
}

function setPower(kind: PowerKind): Command {
  return decoded(decodeSetPowerRequest, (centiDbm, context) => {
    const fault = powerFault(centiDbm, context);
    if (fault !== null) return refused(fault);
    if (kind === 'read') context.state.readCentiDbm = centiDbm;
    else context.state.writeCentiDbm = centiDbm;
    return done();
  });
}

function setHopTable(data: Uint8Array, { state }: ReaderContext): Answer {
  const timeMs = decodeSetHopTimeRequest(data);
  if (timeMs !== null) {
    if (timeMs < 20 || timeMs > 60_000) return refused(status.invalidParameter);
    state.hopTimeMs = timeMs;
    return done();
  }
  const kHz = decodeHopTableData(data);
  if (kHz === null || kHz.length === 0) return refused(status.wrongLength);
  const band = hopTableOf(state.region);
  if (kHz.some((one) => one < Math.min(...band) || one > Math.max(...band))) return refused(status.invalidFrequency);
  state.hopTable = kHz;
  return done();
}

function setParam(params: Map<number, Uint8Array>, key: number, value: Uint8Array): Answer {
  const present = params.get(key);
  if (present === undefined) return refused(status.invalidParameter);
  if (value.length < present.length) return refused(status.wrongLength);
  params.set(key, value);
  return done();
}

/** Q and session take one byte or two, so a longer value replaces a shorter one. */
function getProtocolParam(data: Uint8Array, { model, state }: ReaderContext): Answer {
  const request = decodeGetProtocolParamRequest(data);
  if (request === null) return refused(status.wrongLength);
  const { protocol, key } = request;
  if (!model.protocols.includes(protocol)) return refused(status.invalidProtocol, data);
  const value = state.gen2Params.get(key);
  return value === undefined ? refused(status.invalidParameter) : done(protocolParamData({ protocol, key, value }));
}

export const radioCommands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [opcode.getReadPower, getPower('read')],
  [opcode.setReadPower, setPower('read')],
  [opcode.getWritePower, getPower('write')],
  [opcode.setWritePower, setPower('write')],
  [opcode.getProtocol, bare(({ state }) => protocolData(state.protocol))],
  [
    opcode.setProtocol,
    decoded(decodeProtocolData, (protocol, { model, state }) => {
      if (!model.protocols.includes(protocol)) return refused(status.invalidProtocol);
      state.protocol = protocol;
      return done();
    }),
  ],
  [opcode.protocols, bare(({ model }) => protocolsReply(model.protocols))],
  [opcode.regions, bare(({ model }) => Uint8Array.from(model.regions))],
  [opcode.getRegion, bare(({ state }) => Uint8Array.of(state.region))],
  [
    opcode.setRegion,
    decoded(decodeRegionData, (region, { model, state }) => {
      if (!model.regions.includes(region)) return refused(status.invalidRegion);
      state.region = region;
      state.hopTable = hopTableOf(region);
      return done();
    }),
  ],
  [
    opcode.getHopTable,
    (data, { state }) => {
      if (data.length === 0) return done(hopTableData(state.hopTable));
      if (data.length !== 1) return refused(status.wrongLength);
      return data[0] === 2
        ? done(Uint8Array.of(2, ...hopTableData([state.hopTimeMs])))
        : refused(status.invalidParameter);
    },
  ],
  [opcode.setHopTable, setHopTable],
  [
    opcode.getReaderParam,
    decoded(decodeGetReaderParamRequest, (key, { state }) => {
      const value = state.readerParams.get(key);
      return value === undefined ? refused(status.invalidParameter) : done(readerParamData({ key, value }));
    }),
  ],
  [
    opcode.setReaderParam,
    decoded(decodeReaderParamData, ({ key, value }, { state }) => setParam(state.readerParams, key, value)),
  ],
  [opcode.getProtocolParam, getProtocolParam],
  [
    opcode.setProtocolParam,
    decoded(decodeProtocolParamData, ({ protocol, key, value }, { model, state }) => {
      if (!model.protocols.includes(protocol)) return refused(status.invalidProtocol);
      if (!state.gen2Params.has(key)) return refused(status.invalidParameter);
      state.gen2Params.set(key, value);
      return done();
    }),
  ],
]);
