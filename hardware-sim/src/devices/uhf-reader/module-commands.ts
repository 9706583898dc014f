import { ByteComposer } from '@tagtrail/shared/protocol/byte-cursor.js';
import { opcode } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeSetGpioRequest,
  gpioReply,
  pinDirectionReply,
} from '@tagtrail/shared/protocol/mercury/mercury-gpio-commands.js';
import {
  currentProgramReply,
  decodeHardwareVersionRequest,
  decodeModeByte,
  decodeProfileRequest,
  decodeSetBaudRequest,
  hardwareVersionReply,
  temperatureReply,
  versionReply,
} from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import {
  decodeStatisticsRequest,
  type Statistics,
  type StatisticsField,
  type StatusReport,
  statisticsFlag,
  statisticsReply,
  statusStreamFlag,
} from '@tagtrail/shared/protocol/mercury/mercury-statistics.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { bare, type Command, decoded, done, type ReaderContext, refused } from './answer.js';
import type { ReaderState } from './reader-state.js';

/** The values behind content flags; this module measures no transmitting time and no noise. */
export function statisticsOf({ state, ports }: ReaderContext, flags: number): Statistics {
  const { tx, rx } = state.searchList[0] ?? state.pair;
  const all: readonly StatisticsField[] = [
    { flag: statisticsFlag.frequency, value: new ByteComposer().u24(state.hopTable[0] ?? 0).done() },
    { flag: statisticsFlag.temperature, value: temperatureReply(state.temperatureC) },
    { flag: statisticsFlag.antenna, value: Uint8Array.of(tx, rx) },
    { flag: statisticsFlag.protocol, value: Uint8Array.of(state.protocol) },
    { flag: statisticsFlag.connectedAntennas, value: sensedPorts(state, ports) },
  ];
  const fields = all.filter(({ flag }) => (flags & flag) !== 0);
  return { flags: fields.reduce((sum, { flag }) => sum | flag, 0), fields };
}

function sensedPorts(state: ReaderState, ports: number): Uint8Array {
  const pairs = Array.from({ length: ports }, (_, i) => [i + 1, state.missingPorts.has(i + 1) ? 0 : 1]);
  return Uint8Array.from(pairs.flat());
}

/** The older kind of statistics in a stream. */
export function statusReportOf({ state }: ReaderContext, flags: number): StatusReport {
  const { tx, rx } = state.searchList[0] ?? state.pair;
  const withAntenna = (flags & statusStreamFlag.antenna) !== 0;
  return {
    frequencyKHz: (flags & statusStreamFlag.frequency) !== 0 ? (state.hopTable[0] ?? 0) : null,
    temperatureC: (flags & statusStreamFlag.temperature) !== 0 ? state.temperatureC : null,
    txPort: withAntenna ? tx : null,
    rxPort: withAntenna ? rx : null,
  };
}

const serialNumberFlag = 0x40;

function hardwareBlock({ model }: ReaderContext): Uint8Array {
  const digits = [...model.serialNumber].map((digit) => digit.charCodeAt(0));
  return Uint8Array.of(serialNumberFlag, digits.length, ...digits);
}

function setBaud(baud: number | null, { model, state }: ReaderContext): ReturnType<Command> {
  // Vendor software also sends two bytes whose meaning is not known; they are taken and ignored.
  if (baud === null) return done();
  if (!model.bauds.includes(baud)) return refused(status.invalidBaud);
  state.baud = baud;
  return done();
}

export const moduleCommands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [opcode.version, bare(({ model }) => versionReply(model.version))],
  [
    opcode.setBaud,
    (data, context) =>
      data.length === 4 || data.length === 2
        ? setBaud(decodeSetBaudRequest(data), context)
        : refused(status.wrongLength),
  ],
  [opcode.currentProgram, bare(({ model, state }) => currentProgramReply(state.program, model.programUpperBits))],
  [
    opcode.hardwareVersion,
    decoded(decodeHardwareVersionRequest, ({ option, flags }, context) =>
      option === 0 && (flags === 0 || flags === serialNumberFlag)
        ? done(hardwareVersionReply({ option, flags: serialNumberFlag, block: hardwareBlock(context) }))
        : refused(status.invalidParameter),
    ),
  ],
  [
    opcode.statistics,
    decoded(decodeStatisticsRequest, ({ option, flags }, context) =>
      option > 1 ? refused(status.invalidParameter) : done(statisticsReply(option, statisticsOf(context, flags))),
    ),
  ],
  [opcode.temperature, bare(({ state }) => temperatureReply(state.temperatureC))],
  [opcode.getPowerMode, bare(({ state }) => Uint8Array.of(state.powerMode))],
  [
    opcode.setPowerMode,
    decoded(decodeModeByte, (mode, { state }) => {
      if (mode > 4) return refused(status.invalidParameter);
      state.powerMode = mode;
      return done();
    }),
  ],
  [opcode.getUserMode, bare(({ state }) => Uint8Array.of(state.userMode))],
  [
    opcode.setUserMode,
    decoded(decodeModeByte, (mode, { state }) => {
      state.userMode = mode;
      return done();
    }),
  ],
  [
    opcode.profile,
    decoded(decodeProfileRequest, ({ action, rest }) =>
      action >= 1 && action <= 4 ? done(Uint8Array.of(action, ...rest)) : refused(status.invalidParameter),
    ),
  ],
  [
    opcode.getGpio,
    (data, { state }) => {
      if (data.length !== 1) return refused(status.wrongLength);
      return data[0] === 1 ? done(gpioReply(state.gpio)) : refused(status.invalidParameter);
    },
  ],
  [
    opcode.setGpio,
    decoded(decodeSetGpioRequest, (request, { state }) => {
      const pin = state.gpio.find((candidate) => candidate.pin === request.pin);
      if (pin === undefined) return refused(status.invalidParameter);
      if (request.kind === 'direction') return done(pinDirectionReply(pin.pin, pin.output));
      const output = request.kind === 'configure' ? request.output : pin.output;
      state.gpio = state.gpio.map((other) => (other === pin ? { pin: pin.pin, output, high: request.high } : other));
      return done();
    }),
  ],
]);
