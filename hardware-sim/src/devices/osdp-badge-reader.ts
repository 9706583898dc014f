import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import {
  broadcastAddress,
  installKeyHex,
  osdpBaud,
  osdpCommand,
  osdpNak,
  osdpReply,
  securityType,
} from '@tagtrail/shared/protocol/osdp/osdp-constants.js';
import { encodeOsdp, hasMac, type OsdpFrame } from '@tagtrail/shared/protocol/osdp/osdp-frame.js';
import { decodeKeySet, encodeRawCard } from '@tagtrail/shared/protocol/osdp/osdp-messages.js';
import { createOsdpParser } from '@tagtrail/shared/protocol/osdp/osdp-parser.js';
import {
  initialMac,
  type OsdpChannel,
  type OsdpKeys,
  openOsdp,
  osdpCryptogram,
  osdpKeys,
  sealOsdp,
} from '@tagtrail/shared/protocol/osdp/osdp-secure-channel.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import type { BadgeReader } from './badge-reader.js';
import type { SendBytes } from './device.js';
import { nodeAes } from './osdp-aes.js';

/** A reader on an OSDP bus (a peripheral device): it speaks only when asked. */
export interface OsdpBadgeReader extends BadgeReader {
  /** 32 hexadecimal digits; undefined for the one it was delivered with. */
  key(): string | undefined;
  /** Commands for its lamp and its buzzer, as hex of their data. */
  readonly shown: readonly string[];
}

export interface OsdpBadgeReaderOptions {
  readonly random: Random;
  readonly address?: number;
  /** 32 hexadecimal digits; with a key it says nothing in the clear. The well-known one when left out. */
  readonly key?: string;
}

interface Answer {
  readonly id: number;
  readonly data?: Uint8Array;
  readonly security?: { readonly type: number; readonly data: Uint8Array };
}

interface Session {
  lastSequence: number;
  lastReply: Uint8Array | undefined;
  channel: OsdpChannel | undefined;
  /** After the challenge, until the panel has proved itself. */
  handshake: { readonly keys: OsdpKeys; readonly expected: Uint8Array } | undefined;
}

const freshSession = (): Session => ({
  lastSequence: 0,
  lastReply: undefined,
  channel: undefined,
  handshake: undefined,
});
const none = new Uint8Array(0);
const identity = Uint8Array.of(0xa1, 0xa2, 0xa3, 1, 1, 1, 0, 0, 0, 1, 0, 0);
const waitingCards = 4;
/** Allowed in the clear even where a key is set. */
const clearCommands: readonly number[] = [osdpCommand.id, osdpCommand.capabilities, osdpCommand.challenge];

export function createOsdpBadgeReader(options: OsdpBadgeReaderOptions): OsdpBadgeReader {
  const { random, address = 0 } = options;
  let { key } = options;
  const counters = { presented: 0, frames: 0 };
  const shown: string[] = [];
  let cards: readonly Uint8Array[] = [];
  let session = freshSession();
  let send: SendBytes | undefined;

  function poll(): Answer {
    const [card, ...rest] = cards;
    cards = rest;
    return card === undefined ? { id: osdpReply.ack } : { id: osdpReply.rawCard, data: card };
  }

  function challenge(frame: OsdpFrame): Answer {
    const isInstall = frame.security?.data[0] === 0;
    if (frame.security === null || frame.data.length !== 8 || (isInstall && key !== undefined)) {
      return nak(osdpNak.securityUnsupported);
    }
    const keys = osdpKeys(nodeAes, fromHex(isInstall || key === undefined ? installKeyHex : key), frame.data);
    const own = randomBytes(random, 8);
    session.channel = undefined;
    session.handshake = { keys, expected: osdpCryptogram(nodeAes, keys, [own, frame.data]) };
    const data = Uint8Array.from([
      ...identity.subarray(0, 8),
      ...own,
      ...osdpCryptogram(nodeAes, keys, [frame.data, own]),
    ]);
    return {
      id: osdpReply.clientCryptogram,
      data,
      security: { type: securityType.clientCryptogram, data: frame.security.data },
    };
  }

  function prove({ data }: OsdpFrame): Answer {
    const { handshake } = session;
    session.handshake = undefined;
    if (handshake === undefined || toHex(data) !== toHex(handshake.expected)) return nak(osdpNak.securityUnsupported);
    const first = initialMac(nodeAes, handshake.keys, data);
    session.channel = { keys: handshake.keys, sent: first, received: none };
    return {
      id: osdpReply.initialMac,
      data: first,
      security: { type: securityType.initialMac, data: Uint8Array.of(1) },
    };
  }

  /** A key is taken over the secure channel only, and survives the power. */
  function takeKey(frame: OsdpFrame, data: Uint8Array): Answer {
    const given = hasMac(frame.security) ? decodeKeySet(data) : null;
    if (given === null) return nak(osdpNak.securityNeeded);
    key = toHex(given);
    return { id: osdpReply.ack };
  }

  function carryOut(frame: OsdpFrame, data: Uint8Array): Answer {
    switch (frame.id) {
      case osdpCommand.poll:
        return poll();
      case osdpCommand.id:
        return { id: osdpReply.id, data: identity };
      case osdpCommand.localStatus:
        return { id: osdpReply.localStatus, data: Uint8Array.of(0, 0) };
      case osdpCommand.led:
      case osdpCommand.buzzer:
        shown.push(toHex(data));
        if (shown.length > 100) shown.shift();
        return { id: osdpReply.ack };
      case osdpCommand.keySet:
        return takeKey(frame, data);
      case osdpCommand.challenge:
        return challenge(frame);
      case osdpCommand.serverCryptogram:
        return prove(frame);
      default:
        return nak(osdpNak.unknownCommand);
    }
  }

  /** The answer as it goes over the line: sealed when the command was. */
  function respond(frame: OsdpFrame): Uint8Array {
    const parts = { address, reply: true, sequence: frame.sequence, crc: frame.crc };
    const plain = (answer: Answer): Uint8Array =>
      encodeOsdp({ ...parts, id: answer.id, data: answer.data ?? none, security: answer.security ?? null });
    if (!hasMac(frame.security)) {
      const isHandshake = frame.security !== null;
      if (key !== undefined && !isHandshake && !clearCommands.includes(frame.id))
        return plain(nak(osdpNak.securityNeeded));
      return plain(carryOut(frame, frame.data));
    }
    const opened = session.channel === undefined ? null : openOsdp(nodeAes, session.channel, frame);
    if (opened === null) {
      session.channel = undefined;
      return plain(nak(osdpNak.securityUnsupported));
    }
    const answer = carryOut(frame, opened.data);
    const sealed = sealOsdp(nodeAes, opened.channel, { ...parts, id: answer.id, data: answer.data ?? none });
    session.channel = sealed.channel;
    return sealed.bytes;
  }

  const parser = createOsdpParser({
    onFrame: (frame) => {
      if (frame.reply || (frame.address !== address && frame.address !== broadcastAddress)) return;
      if (frame.sequence === 0) session = freshSession();
      const isRepeat = frame.sequence !== 0 && frame.sequence === session.lastSequence;
      if (!isRepeat || session.lastReply === undefined) {
        const isNext = frame.sequence === 0 || frame.sequence === (session.lastSequence % 3) + 1;
        session.lastReply = isNext
          ? respond(frame)
          : encodeOsdp({ address, reply: true, sequence: frame.sequence, crc: frame.crc, security: null, ...refused });
        if (isNext) session.lastSequence = frame.sequence;
      }
      counters.frames++;
      send?.(session.lastReply);
    },
    onDiscard: () => {},
  });

  return {
    counters,
    key: () => key,
    shown,
    present: (number) => {
      counters.presented++;
      const data = fromHex(number);
      if (send !== undefined) {
        cards = [...cards, encodeRawCard({ reader: 0, format: 0, bits: data.length * 8, data })].slice(-waitingCards);
      }
    },
    baud: () => osdpBaud,
    powerOn: (sendBytes) => {
      send = sendBytes;
    },
    powerOff: () => {
      send = undefined;
      cards = [];
      session = freshSession();
      while (parser.pendingBytes > 0) parser.flushStale();
    },
    receive: (chunk) => {
      if (send !== undefined) parser.push(chunk);
    },
  };
}

const refused = { id: osdpReply.nak, data: Uint8Array.of(osdpNak.sequence) };

function nak(code: number): Answer {
  return { id: osdpReply.nak, data: Uint8Array.of(code) };
}
