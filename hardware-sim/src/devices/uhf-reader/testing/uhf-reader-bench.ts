import { setAntennasRequest } from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import { opcode, readerParam, region, usualMetadata } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  decodeContinuousReply,
  decodeStreamReply,
  startContinuousRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import {
  encodeRequest,
  type MercuryReply,
  type MercuryRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { setReaderParamRequest } from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import { createMercuryParser } from '@tagtrail/shared/protocol/mercury/mercury-parser.js';
import { setProtocolRequest, setRegionRequest } from '@tagtrail/shared/protocol/mercury/mercury-radio-commands.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { expect } from 'vitest';
import type { AirRead } from '../../../field/air.js';
import { m6eModel, type ReaderModel } from '../reader-model.js';
import { createUhfReader, type UhfReader } from '../uhf-reader.js';

export const wrench = '3474257BF40000000000162E';
export const pliers = 'E28011606000020000000001';

export interface Bench {
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

export function bench(model: ReaderModel = m6eModel): Bench {
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

export function at(epc: string, rssiDbm = -55): AirRead {
  return { epc, rssiDbm, count: 1 };
}

/** What a host makes of the frames of a stream, one word for each. */
export function kinds(replies: readonly MercuryReply[]): readonly string[] {
  return replies.map((reply) => {
    if (reply.op === opcode.continuous) return decodeContinuousReply(reply).kind;
    const stream = decodeStreamReply(reply);
    return stream.kind === 'tag' ? `tag ${stream.tag.epc.slice(-2)} port ${stream.tag.txPort}` : stream.kind;
  });
}

export const reading = startContinuousRequest({ flags: 0x001b, timeoutMs: 400, metadataFlags: usualMetadata });
