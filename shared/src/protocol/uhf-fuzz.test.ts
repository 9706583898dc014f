import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.js';
import { seededRandom } from '../random/seeded-random.js';
import { type FuzzedParser, fuzzLine } from '../testing/line-fuzz.js';
import { longOr } from '../testing/long-run.js';
import { chafonVectors } from './chafon/chafon.vectors.js';
import {
  decodeInventory18Reply,
  decodeInventory288Reply,
  decodeInventory288Request,
  decodeReaderInfoReply,
  decodeTemperatureReply,
} from './chafon/chafon-commands.js';
import { createChafonReplyParser, createChafonRequestParser } from './chafon/chafon-parser.js';
import { m100Vectors } from './m100/m100.vectors.js';
import {
  decodeErrorReply,
  decodeInfoReply,
  decodeMultiInventoryRequest,
  decodePower,
  decodeQuery,
  decodeReport,
} from './m100/m100-commands.js';
import { createM100Parser } from './m100/m100-parser.js';
import { mercuryVectors } from './mercury/mercury.vectors.js';
import { decodeAntennasReply } from './mercury/mercury-antenna-commands.js';
import {
  decodeContinuousReply,
  decodeContinuousRequest,
  decodeStreamReply,
} from './mercury/mercury-continuous-commands.js';
import { decodeVersionReply } from './mercury/mercury-module-commands.js';
import { createMercuryParser } from './mercury/mercury-parser.js';
import { decodePowerReply } from './mercury/mercury-radio-commands.js';
import { decodeTagBufferReply } from './mercury/mercury-search-commands.js';

const bytes = longOr(10_000_000, 200_000);

interface Family {
  readonly name: string;
  readonly traces: readonly Uint8Array[];
  readonly maxPendingBytes: number;
  create(count: (bytes: number) => void): Omit<FuzzedParser, 'accountedBytes'>;
}

function framesOf(
  vectors: readonly { readonly hex: string; readonly direction: string }[],
  direction: 'request' | 'reply',
): readonly Uint8Array[] {
  return vectors.filter((one) => one.direction === direction).map((one) => fromHex(one.hex));
}

/** Every decoder gets every frame: a right check value says nothing about what is inside. */
const families: readonly Family[] = [
  ...(['reply', 'request'] as const).map(
    (direction): Family => ({
      name: `Mercury ${direction}`,
      traces: framesOf(mercuryVectors, direction),
      maxPendingBytes: 256,
      create: (count) =>
        createMercuryParser({
          direction,
          onDiscard: (_reason, dropped) => count(dropped),
          onFrame: (frame) => {
            decodeStreamReply(frame);
            decodeContinuousReply(frame);
            const decoders = [decodeContinuousRequest, decodeAntennasReply, decodePowerReply, decodeVersionReply];
            for (const decode of [...decoders, decodeTagBufferReply]) decode(frame.data);
            count(frame.data.length + (direction === 'reply' ? 7 : 5));
          },
        }),
    }),
  ),
  {
    name: 'Chafon reply',
    traces: framesOf(chafonVectors, 'reply'),
    maxPendingBytes: 256,
    create: (count) =>
      createChafonReplyParser({
        onDiscard: (_reason, dropped) => count(dropped),
        onFrame: ({ data }) => {
          const decoders = [decodeInventory288Reply, decodeInventory18Reply, decodeReaderInfoReply];
          for (const decode of [...decoders, decodeTemperatureReply]) decode(data);
          count(data.length + 6);
        },
      }),
  },
  {
    name: 'Chafon request',
    traces: framesOf(chafonVectors, 'request'),
    maxPendingBytes: 256,
    create: (count) =>
      createChafonRequestParser({
        onDiscard: (_reason, dropped) => count(dropped),
        onFrame: ({ data }) => {
          decodeInventory288Request(data);
          count(data.length + 5);
        },
      }),
  },
  ...(['reply', 'request'] as const).map(
    (direction): Family => ({
      name: `M100 ${direction}`,
      traces: framesOf(m100Vectors, direction),
      maxPendingBytes: 519,
      create: (count) =>
        createM100Parser({
          direction: direction === 'reply' ? 'reply' : 'command',
          onDiscard: (_reason, dropped) => count(dropped),
          onFrame: (frame) => {
            decodeReport(frame);
            const decoders = [decodeErrorReply, decodeInfoReply, decodeMultiInventoryRequest, decodePower, decodeQuery];
            for (const decode of decoders) decode(frame.params);
            count(frame.params.length + 7);
          },
        }),
    }),
  ),
];

describe('the parsers of UHF readers', () => {
  it.each(families)(
    '$name: account for every byte of a bad line',
    ({ name, traces, maxPendingBytes, create }) => {
      let accounted = 0;
      const parser = create((count) => {
        accounted += count;
      });
      const result = fuzzLine({
        random: seededRandom(`fuzz/${name}`),
        bytes,
        traces,
        maxPendingBytes,
        parser: {
          push: parser.push,
          flushStale: parser.flushStale,
          accountedBytes: () => accounted,
          get pendingBytes() {
            return parser.pendingBytes;
          },
        },
      });
      expect(result.fault).toBeNull();
      expect(result.sentBytes).toBeGreaterThanOrEqual(bytes);
    },
    600_000,
  );
});
