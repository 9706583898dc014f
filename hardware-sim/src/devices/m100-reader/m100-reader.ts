import {
  decodeInfoRequest,
  decodeMultiInventoryRequest,
  decodePower,
  decodeSetBaudRequest,
  errorReply,
  infoReply,
  queryWord,
  tagNotice,
  usualQuery,
} from '@tagtrail/shared/protocol/m100/m100-commands.js';
import {
  command,
  defaultBaud,
  errorCode,
  frameType,
  regionCode,
  staleAfterMs,
} from '@tagtrail/shared/protocol/m100/m100-constants.js';
import { encodeFrame, type M100Frame } from '@tagtrail/shared/protocol/m100/m100-frame.js';
import { createM100Parser } from '@tagtrail/shared/protocol/m100/m100-parser.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Air, AirRead } from '../../field/air.js';
import type { SendBytes, SerialDevice } from '../device.js';

export interface M100ReaderOptions {
  readonly clock: Clock;
  readonly air: Air;
}

export interface M100ReaderCounters {
  /** Commands with a right sum. */
  requests: number;
  /** Commands answered with an error. */
  refusals: number;
  /** Bytes from the host that belonged to no command. */
  discardedBytes: number;
}

/** A YRM100 module as its serial connector shows it: one antenna, which it cannot sense. */
export interface M100Reader extends SerialDevice {
  connectAntenna(antenna: number, connected: boolean): void;
  readonly counters: Readonly<M100ReaderCounters>;
}

/** What a host can change, and what is forgotten without power. */
interface Settings {
  region: number;
  channel: number;
  hopping: boolean;
  centiDbm: number;
  selectMode: number;
  query: number;
  baud: number;
}

const roundMs = 16;
const tagMs = 4;
const bootMs = 150;
const maxCentiDbm = 2600;
const onlyAntenna = 1;

function settingsFromTheBox(): Settings {
  return {
    region: regionCode.prc,
    channel: 0,
    hopping: false,
    centiDbm: 2000,
    selectMode: 0,
    query: queryWord(usualQuery),
    baud: defaultBaud,
  };
}

const texts = { hardware: 'M100 26dBm V1.0', software: 'V2.3.5', maker: 'MagicRf' } as const;

/** Answers any host that speaks the M100 protocol; rounds take the time of their tags on the air. */
export function createM100Reader({ clock, air }: M100ReaderOptions): M100Reader {
  const counters: M100ReaderCounters = { requests: 0, refusals: 0, discardedBytes: 0 };
  let settings = settingsFromTheBox();
  let connected = true;
  let send: SendBytes | undefined;
  let ready = false;
  /** Rounds that are still to be read. */
  let roundsLeft = 0;
  let timer: Timer | undefined;
  let silence: Timer | undefined;

  const parser = createM100Parser({
    direction: 'command',
    onFrame: (frame) => {
      counters.requests++;
      take(frame);
    },
    onDiscard: (_reason, bytes) => {
      counters.discardedBytes += bytes;
    },
  });

  function say(frame: M100Frame): void {
    send?.(encodeFrame(frame));
  }

  function take({ command: code, params }: M100Frame): void {
    if (code === command.inventory) begin(1);
    else if (code === command.multiInventory) begin(decodeMultiInventoryRequest(params) ?? -1);
    else if (code === command.stopMultiInventory) {
      roundsLeft = 0;
      timer?.cancel();
      say({ type: frameType.reply, command: code, params: Uint8Array.of(0) });
    } else {
      const answer = execute(settings, code, params);
      if (answer === null) refuse();
      else say({ type: frameType.reply, command: code, params: answer });
      if (code === command.setBaud) settings.baud = decodeSetBaudRequest(params) ?? settings.baud;
    }
  }

  function refuse(): void {
    counters.refusals++;
    say(errorReply(errorCode.badCommand));
  }

  function begin(rounds: number): void {
    if (rounds < 1) {
      refuse();
      return;
    }
    roundsLeft = rounds;
    timer?.cancel();
    nextRound();
  }

  function nextRound(): void {
    if (roundsLeft === 0) return;
    roundsLeft--;
    const heard = connected ? air.round(onlyAntenna, clock.monotonicMs()) : [];
    timer = clock.startTimer('m100 round', roundMs, () => {
      if (heard.length > 0) tell(heard, 0);
      else {
        say(errorReply(errorCode.noTag));
        nextRound();
      }
    });
  }

  function tell(heard: readonly AirRead[], at: number): void {
    const read = heard[at];
    if (read === undefined) {
      nextRound();
      return;
    }
    timer = clock.startTimer('m100 tag', tagMs, () => {
      say(tagNotice(read));
      tell(heard, at + 1);
    });
  }

  function watchForSilence(): void {
    silence?.cancel();
    silence = undefined;
    if (parser.pendingBytes === 0) return;
    silence = clock.startTimer('m100 stale', staleAfterMs, () => {
      parser.flushStale();
      watchForSilence();
    });
  }

  return {
    counters,
    baud: () => settings.baud,
    powerOn: (listen) => {
      send = listen;
      settings = settingsFromTheBox();
      timer?.cancel();
      timer = clock.startTimer('m100 boot', bootMs, () => {
        ready = true;
      });
    },
    powerOff: () => {
      send = undefined;
      ready = false;
      roundsLeft = 0;
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
    connectAntenna: (antenna, isConnected) => {
      if (antenna === onlyAntenna) connected = isConnected;
    },
  };
}

const done = Uint8Array.of(0);

/** The parameters of the answer; null for what the module does not do. */
function execute(settings: Settings, code: number, params: Uint8Array): Uint8Array | null {
  const [byte] = params;
  switch (code) {
    case command.info: {
      const which = decodeInfoRequest(params);
      return which === null ? null : infoReply(which, texts[which]);
    }
    case command.getRegion:
      return Uint8Array.of(settings.region);
    case command.getChannel:
      return Uint8Array.of(settings.channel);
    case command.getQuery:
      return word(settings.query);
    case command.getPower:
      return word(settings.centiDbm);
    case command.setPower:
    case command.setQuery:
    case command.setBaud:
      return params.length === 2 ? setWord(settings, code, params) : null;
    default:
      return byte === undefined || params.length !== 1 ? null : setByte(settings, code, byte);
  }
}

/** The module gives what it can: a power above its own most is taken as that. */
function setWord(settings: Settings, code: number, params: Uint8Array): Uint8Array {
  const value = ((params[0] as number) << 8) | (params[1] as number);
  if (code === command.setQuery) settings.query = value;
  if (code === command.setPower) settings.centiDbm = Math.min(maxCentiDbm, decodePower(params) ?? maxCentiDbm);
  return done;
}

function setByte(settings: Settings, code: number, byte: number): Uint8Array | null {
  switch (code) {
    case command.setRegion:
      if (!knownRegions.includes(byte)) return null;
      settings.region = byte;
      return done;
    case command.setChannel:
      settings.channel = byte;
      return done;
    case command.setHopping:
      settings.hopping = byte !== 0;
      return done;
    case command.setSelectMode:
      if (byte > 2) return null;
      settings.selectMode = byte;
      return done;
    default:
      return null;
  }
}

/** The module also knows 04, the Chinese band at 840 MHz. */
const knownRegions: readonly number[] = [...Object.values(regionCode), 0x04];

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}
