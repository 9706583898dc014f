import {
  type ChafonTag,
  decodeByteData,
  decodeFrequencyData,
  decodeInventory288Request,
  type Inventory288Setting,
  inventory18Reply,
  inventory288Reply,
  type ReaderInfo,
  readerInfoReply,
  temperatureReply,
} from '@tagtrail/shared/protocol/chafon/chafon-commands.js';
import {
  bandOfRegion,
  baudCodes,
  broadcastAddress,
  command,
  defaultBaud,
  staleAfterMs,
  status,
} from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import { type AddressedRequest, encodeReply } from '@tagtrail/shared/protocol/chafon/chafon-frame.js';
import { createChafonRequestParser } from '@tagtrail/shared/protocol/chafon/chafon-parser.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Air } from '../../field/air.js';
import type { SendBytes, SerialDevice } from '../device.js';

export interface ChafonReaderOptions {
  readonly clock: Clock;
  readonly air: Air;
  /** Number of ports. */
  readonly antennas: number;
  /** The older UHFReader18 has one port and tells neither strength nor temperature; the 288 when left out. */
  readonly model?: '18' | '288';
}

export interface ChafonReaderCounters {
  /** Requests with a right check value, addressed to this reader. */
  requests: number;
  /** Requests answered with an error. */
  refusals: number;
  /** Requests that came while a search ran. */
  ignored: number;
  /** Bytes from the host that belonged to no request. */
  discardedBytes: number;
}

/** A UHFReader288 or UHFReader18 as its serial connector shows it. */
export interface ChafonReader extends SerialDevice {
  connectAntenna(antenna: number, connected: boolean): void;
  readonly counters: Readonly<ChafonReaderCounters>;
}

/** What the reader keeps without power. */
interface Settings {
  info: ReaderInfo;
  address: number;
  baud: number;
}

const roundMs = 10;
const tagMs = 4;
const bootMs = 150;
const tagsPerFrame = 6;
const maxPowerDbm = 30;
const temperatureC = 38;
/** The strength that the reader's number 0 stands for. */
const rssiZeroDbm = -130;

/** Answers any host that speaks the protocol of the family; a search takes the time of its tags on the air. */
export function createChafonReader({ clock, air, antennas, model = '288' }: ChafonReaderOptions): ChafonReader {
  const counters: ChafonReaderCounters = { requests: 0, refusals: 0, ignored: 0, discardedBytes: 0 };
  const missingPorts = new Set<number>();
  const settings: Settings = { info: infoFromTheBox(model === '18' ? null : antennas), address: 0, baud: defaultBaud };
  let send: SendBytes | undefined;
  let ready = false;
  let timer: Timer | undefined;
  let silence: Timer | undefined;
  let searching = false;

  const parser = createChafonRequestParser({
    onFrame: take,
    onDiscard: (_reason, bytes) => {
      counters.discardedBytes += bytes;
    },
  });

  function reply(code: number, state: number, data: Uint8Array = new Uint8Array(0)): void {
    if (state >= status.antenna && state !== status.noTag) counters.refusals++;
    send?.(encodeReply({ address: settings.address, command: code, status: state, data }));
  }

  function take(request: AddressedRequest): void {
    if (request.address !== settings.address && request.address !== broadcastAddress) return;
    counters.requests++;
    if (searching) {
      counters.ignored++;
      return;
    }
    if (request.command === command.inventory) takeSearch(request.data);
    else answer(request);
  }

  function answer({ command: code, data }: AddressedRequest): void {
    if (code === command.readerInfo) reply(code, status.ok, readerInfoReply(settings.info));
    else if (code === command.temperature && model === '288') reply(code, status.ok, temperatureReply(temperatureC));
    else if (code === command.setBaud) setBaud(data);
    else {
      const outcome = applySetting(settings, code, data);
      reply(code, outcome);
    }
  }

  /** The answer still goes out at the old speed. */
  function setBaud(data: Uint8Array): void {
    const baud = [...baudCodes].find(([, code]) => code === decodeByteData(data))?.[0];
    reply(command.setBaud, baud === undefined ? status.invalidParameter : status.ok);
    if (baud !== undefined) settings.baud = baud;
  }

  function takeSearch(data: Uint8Array): void {
    if (model === '18') {
      if (data.length > 0) reply(command.inventory, status.wrongLength);
      else startSearch({ antenna: 1, scanTime: settings.info.scanTime });
      return;
    }
    const search = decodeInventory288Request(data);
    if (search === null) reply(command.inventory, status.wrongLength);
    else if (search.antenna > antennas) reply(command.inventory, status.invalidParameter);
    else if (missingPorts.has(search.antenna) && settings.info.checksAntennas === true) {
      wait(roundMs, () => reply(command.inventory, status.antenna));
    } else startSearch(search);
  }

  function startSearch({ antenna, scanTime }: Pick<Inventory288Setting, 'antenna' | 'scanTime'>): void {
    const heard = missingPorts.has(antenna) ? [] : air.round(antenna, clock.monotonicMs());
    const fits = Math.max(0, Math.floor((scanTime * 100 - roundMs) / tagMs));
    const tags = heard.slice(0, fits).map(({ epc, rssiDbm }) => ({ epc, rssiRaw: rawRssi(rssiDbm) }));
    const end = heard.length > fits ? status.timedOut : status.finished;
    const found = (batch: readonly ChafonTag[]): Uint8Array =>
      model === '18' ? inventory18Reply(batch.map(({ epc }) => epc)) : inventory288Reply(antenna, batch);
    const tell = (from: number): void => {
      const batch: readonly ChafonTag[] = tags.slice(from, from + tagsPerFrame);
      if (batch.length === 0) {
        reply(command.inventory, end, found([]));
        return;
      }
      wait(batch.length * tagMs, () => {
        reply(command.inventory, status.moreFrames, found(batch));
        tell(from + tagsPerFrame);
      });
    };
    wait(roundMs, () => tell(0));
  }

  /** The reader is deaf until `then` has run. */
  function wait(ms: number, then: () => void): void {
    searching = true;
    timer = clock.startTimer('chafon air', ms, () => {
      searching = false;
      then();
    });
  }

  function watchForSilence(): void {
    silence?.cancel();
    silence = undefined;
    if (parser.pendingBytes === 0) return;
    silence = clock.startTimer('chafon stale', staleAfterMs, () => {
      parser.flushStale();
      watchForSilence();
    });
  }

  return {
    counters,
    baud: () => settings.baud,
    powerOn: (listen) => {
      send = listen;
      timer?.cancel();
      timer = clock.startTimer('chafon boot', bootMs, () => {
        ready = true;
      });
    },
    powerOff: () => {
      send = undefined;
      ready = false;
      searching = false;
      timer?.cancel();
      silence?.cancel();
      while (parser.pendingBytes > 0) parser.flushStale();
    },
    receive: (chunk) => {
      if (!ready) {
        counters.discardedBytes += chunk.length;
        return;
      }
      parser.push(chunk);
      watchForSilence();
    },
    connectAntenna: (antenna, connected) => {
      if (connected) missingPorts.delete(antenna);
      else missingPorts.add(antenna);
    },
  };
}

/** @param antennas null for the 18, which does not tell. */
function infoFromTheBox(antennas: number | null): ReaderInfo {
  return {
    firmware: '0.22',
    type: 0x0c,
    protocols: 0x03,
    frequency: bandOfRegion.na,
    powerDbm: maxPowerDbm,
    scanTime: 10,
    antennas: antennas === null ? null : (1 << antennas) - 1,
    checksAntennas: antennas === null ? null : false,
  };
}

/** Changes one setting; returns the status of the answer. */
function applySetting(settings: Settings, code: number, data: Uint8Array): number {
  if (code === command.setFrequency) {
    const frequency = decodeFrequencyData(data);
    if (frequency === null) return status.wrongLength;
    settings.info = { ...settings.info, frequency };
    return status.ok;
  }
  if (!byteSettings.has(code)) return status.illegalCommand;
  const value = decodeByteData(data);
  if (value === null) return status.wrongLength;
  switch (code) {
    case command.setPower:
      if (value > maxPowerDbm) return status.invalidParameter;
      settings.info = { ...settings.info, powerDbm: value };
      break;
    case command.setScanTime:
      settings.info = { ...settings.info, scanTime: value };
      break;
    case command.setAntennas:
      if (settings.info.antennas === null) return status.illegalCommand;
      settings.info = { ...settings.info, antennas: value };
      break;
    case command.setAntennaCheck:
      if (settings.info.antennas === null) return status.illegalCommand;
      settings.info = { ...settings.info, checksAntennas: value !== 0 };
      break;
    case command.setAddress:
      settings.address = value;
      break;
  }
  return status.ok;
}

const byteSettings: ReadonlySet<number> = new Set([
  command.setPower,
  command.setScanTime,
  command.setAntennas,
  command.setAntennaCheck,
  command.setAddress,
  command.setBeep,
  command.setWorkMode,
]);

function rawRssi(rssiDbm: number): number {
  return Math.min(255, Math.max(0, Math.round(rssiDbm) - rssiZeroDbm));
}
