import { describe, expect, it } from 'vitest';
import { fromHex } from '../../bytes/hex.js';
import { seededRandom } from '../../random/seeded-random.js';
import { fuzzLine } from '../../testing/line-fuzz.js';
import { longOr } from '../../testing/long-run.js';
import { createLlrpFramer, maxMessageBytes } from './llrp-framer.js';

const bytes = longOr(10_000_000, 100_000);
const traces = [
  '043F000000200000000000F600160080000C0005A738133C2C9E010000060000',
  '043E0000000A00000001',
  '041E0000001200000008011F000800000000',
  '04150000000E0000000200000000',
  '043D000000230000000100F000198D3034257BF7194E4000001A8581000286D0880003',
].map((hex) => fromHex(hex));

describe('the LLRP framer', () => {
  it('accounts for every byte of a bad stream', () => {
    let accounted = 0;
    const framer = createLlrpFramer({
      onMessage: (message) => {
        accounted += message.bytes.length;
      },
      onDiscard: (_reason, dropped) => {
        accounted += dropped;
      },
    });
    const parser = {
      push: framer.push,
      flushStale: framer.flushStale,
      accountedBytes: () => accounted,
      get pendingBytes() {
        return framer.pendingBytes;
      },
    };
    const result = fuzzLine({
      ...{ random: seededRandom('fuzz/llrp'), bytes, traces, parser },
      maxPendingBytes: maxMessageBytes,
    });
    expect(result.fault).toBeNull();
    expect(result.sentBytes).toBeGreaterThanOrEqual(bytes);
  }, 600_000);
});
