import { below, chance, type Random } from '@tagtrail/shared/random/random.js';
import { z } from 'zod';
import { allDevices, defineBehaviour } from './fault.js';

export const corruptBytes = defineBehaviour({
  name: 'garble',
  also: ['corrupt-bytes', 'garbled'],
  sentence: 'Bits flip on the way from the device: that share of its bytes arrives as something else.',
  devices: allDevices,
  options: z.strictObject({ percent: z.int().min(1).max(100).default(20) }),
  behave: ({ percent }, { random }) => ({ outgoing: (bytes) => flipBits(bytes, percent, random) }),
});

/** Flips one bit in about `percent` of the bytes. */
export function flipBits(bytes: Uint8Array, percent: number, random: Random): Uint8Array {
  return bytes.map((byte) => (chance(random, percent, 100) ? byte ^ (1 << below(random, 8)) : byte));
}
