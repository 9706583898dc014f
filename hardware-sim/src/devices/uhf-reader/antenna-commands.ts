import {
  type AntennaSetting,
  antennaOption,
  antennasReply,
  decodeGetAntennasRequest,
  decodeSetAntennasRequest,
  type PortPower,
} from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import { opcode } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { type Answer, type Command, decoded, done, type ReaderContext, refused } from './answer.js';
import { powerFault } from './radio-commands.js';

/** Stands for "the power of the whole module" in the table of ports. */
const globalPower = -0x8000;
/** A good antenna sends back little. */
const goodReturnLoss = 0x14;

function portsOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

function getAntennas(option: number, { state, ports }: ReaderContext): Answer {
  const all = portsOf(ports);
  const powers = (): PortPower[] =>
    all.map(
      (port) =>
        state.portPowers.get(port) ?? { port, readCentiDbm: globalPower, writeCentiDbm: globalPower, settlingUs: 0 },
    );
  switch (option) {
    case antennaOption.pair:
      return done(antennasReply({ kind: 'pair', pair: state.pair }));
    case antennaOption.pairAndCount:
      return done(Uint8Array.of(antennaOption.pairAndCount, state.pair.tx, state.pair.rx));
    case antennaOption.searchList:
      return done(antennasReply({ kind: 'search-list', list: state.searchList }));
    case antennaOption.readPower:
      return done(antennasReply({ kind: 'read-power', ports: powers() }));
    case antennaOption.power:
      return done(antennasReply({ kind: 'power', ports: powers() }));
    case antennaOption.sensed: {
      const sensed = all.map((port) => ({ port, sensed: !state.missingPorts.has(port) }));
      return done(antennasReply({ kind: 'sensed', ports: sensed }));
    }
    case antennaOption.returnLoss: {
      const losses = all.map((port) => ({ port, returnLoss: state.missingPorts.has(port) ? 0 : goodReturnLoss }));
      return done(antennasReply({ kind: 'return-loss', ports: losses }));
    }
    case antennaOption.dwell:
      return done(antennasReply({ kind: 'dwell', ports: state.dwells }));
    default:
      return refused(status.invalidParameter);
  }
}

function setAntennas(setting: AntennaSetting, context: ReaderContext): Answer {
  const { state, ports } = context;
  const exists = (port: number): boolean => port >= 1 && port <= ports;
  switch (setting.kind) {
    case 'pair':
      if (!exists(setting.pair.tx) || !exists(setting.pair.rx)) return refused(status.invalidParameter);
      state.pair = setting.pair;
      state.searchList = [];
      return done();
    case 'search-list':
      if (setting.list.length === 0) return refused(status.wrongLength);
      if (!setting.list.every(({ tx, rx }) => exists(tx) && exists(rx))) return refused(status.invalidParameter);
      state.searchList = setting.list;
      return done();
    case 'read-power':
    case 'power': {
      if (!setting.ports.every(({ port }) => exists(port))) return refused(status.invalidParameter);
      const values = setting.ports.flatMap(({ readCentiDbm, writeCentiDbm }) => [
        readCentiDbm,
        writeCentiDbm ?? readCentiDbm,
      ]);
      const fault = values
        .map((value) => (value === globalPower ? null : powerFault(value, context)))
        .find((one) => one !== null);
      if (fault !== undefined && fault !== null) return refused(fault);
      const added = setting.ports.map((port): [number, PortPower] => [
        port.port,
        { ...port, writeCentiDbm: port.writeCentiDbm ?? port.readCentiDbm, settlingUs: port.settlingUs ?? 0 },
      ]);
      state.portPowers = new Map([...state.portPowers, ...added]);
      return done();
    }
    case 'dwell':
      if (!setting.ports.every(({ port }) => port === 0 || exists(port))) return refused(status.invalidParameter);
      state.dwells = setting.ports;
      return done();
  }
}

export const antennaCommands: ReadonlyMap<number, Command> = new Map<number, Command>([
  [opcode.getAntennas, decoded(decodeGetAntennasRequest, getAntennas)],
  [opcode.setAntennas, decoded(decodeSetAntennasRequest, setAntennas)],
]);
