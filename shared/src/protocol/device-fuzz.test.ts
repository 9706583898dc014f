import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.js';
import { utf8Bytes } from '../bytes/utf8.js';
import { seededRandom } from '../random/seeded-random.js';
import { type FuzzedParser, fuzzLine } from '../testing/line-fuzz.js';
import { longOr } from '../testing/long-run.js';
import { createAsciiLineParser } from './ascii-line/ascii-line-parser.js';
import { maxLineBytes, readLinePattern } from './ascii-line/line-pattern.js';
import { kerongVectors } from './kerong/kerong.vectors.js';
import { createKerongParser } from './kerong/kerong-parser.js';
import { modbusVectors } from './modbus/modbus.vectors.js';
import { createModbusServerParser } from './modbus/modbus-parser.js';
import { osdpVectors } from './osdp/osdp.vectors.js';
import { createOsdpParser } from './osdp/osdp-parser.js';
import { rdm6300Vectors } from './rdm6300/rdm6300.vectors.js';
import { createRdm6300Parser } from './rdm6300/rdm6300-parser.js';

const bytes = longOr(10_000_000, 100_000);

interface Family {
  readonly name: string;
  readonly traces: readonly Uint8Array[];
  readonly maxPendingBytes: number;
  create(count: (bytes: number) => void): Omit<FuzzedParser, 'accountedBytes'>;
}

const traces = (vectors: readonly { readonly hex: string }[]): readonly Uint8Array[] =>
  vectors.map((one) => fromHex(one.hex));

const families: readonly Family[] = [
  {
    name: 'RDM6300',
    traces: traces(rdm6300Vectors),
    maxPendingBytes: 13,
    create: (count) =>
      createRdm6300Parser({ onFrame: () => count(14), onDiscard: (_reason, dropped) => count(dropped) }),
  },
  {
    name: 'ASCII line',
    traces: ['1F00644BB6\r\n', '0001234567\r\n', '\r\n', 'no number\r\n'].map((line) => utf8Bytes(line)),
    maxPendingBytes: maxLineBytes + 1,
    create: (count) => {
      const pattern = readLinePattern('^([0-9A-Fa-f]+)$') ?? /^$/;
      const profile = { terminator: 'crlf', prefix: '', suffix: '', radix: 16, digits: 10, pattern } as const;
      return createAsciiLineParser({
        profile,
        onNumber: (_number, taken) => count(taken),
        onDiscard: (_reason, dropped) => count(dropped),
      });
    },
  },
  {
    name: 'OSDP',
    traces: traces(osdpVectors),
    maxPendingBytes: 2000,
    create: (count) =>
      createOsdpParser({
        onFrame: (_frame, taken) => count(taken),
        onDiscard: (_reason, dropped) => count(dropped),
      }),
  },
  ...(['cu16', 'cu48'] as const).map(
    (model): Family => ({
      name: `Kerong ${model}`,
      traces: traces(kerongVectors.filter((one) => one.model === model)),
      maxPendingBytes: 18,
      create: (count) =>
        createKerongParser({
          model,
          onFrame: (_frame, taken) => count(taken),
          onDiscard: (_reason, dropped) => count(dropped),
        }),
    }),
  ),
  {
    name: 'Modbus server',
    traces: traces(modbusVectors),
    maxPendingBytes: 256,
    create: (count) => {
      const parser = createModbusServerParser({
        onRequest: (frame) => count(frame.data.length + 4),
        onDiscard: (_reason, dropped) => count(dropped),
      });
      return {
        push: parser.push,
        flushStale: parser.flush,
        get pendingBytes() {
          return parser.pendingBytes;
        },
      };
    },
  },
];

describe('the parsers of badge readers and lock boards', () => {
  it.each(families)(
    '$name: account for every byte of a bad line',
    ({ name, maxPendingBytes, create, ...rest }) => {
      let accounted = 0;
      const parser = create((count) => {
        accounted += count;
      });
      const result = fuzzLine({
        ...{ random: seededRandom(`fuzz/${name}`), bytes, traces: rest.traces, maxPendingBytes },
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
