import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { gen2Protocol, region } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { exchanges } from './exchanges.vectors.js';
import { m6eModel, type ReaderModel } from './reader-model.js';
import { createUhfReader, type UhfReader } from './uhf-reader.js';

/** The module that the table of exchanges answers for. */
const nanoModel: ReaderModel = {
  ...m6eModel,
  version: {
    bootloader: 0x14120800,
    hardware: 0x30000002,
    firmwareDate: 0x20220804,
    firmware: 0x010b0125,
    protocolMask: 0x10,
  },
  programUpperBits: 0x50,
  regions: [...fromHex('0D0E04050608090B0C101112131415161718191A1B1C1D1E20FF')],
  maxCentiDbm: 2700,
  minCentiDbm: 0,
  temperatureC: 30,
};
/** The module of the session: an M5e. */
const m5eModel: ReaderModel = {
  ...m6eModel,
  version: {
    bootloader: 0x07102300,
    hardware: 0x01000003,
    firmwareDate: 0x20141007,
    firmware: 0x01070209,
    protocolMask: 0x10,
  },
  countLayout: 'u8',
};

/**
 * What a host had set before, where an answer depends on it. The answers to all 27 are compared
 * byte by byte.
 */
const before: Readonly<Record<string, (reader: UhfReader) => void>> = {
  'req-get-protocol': ({ state }) => {
    state.protocol = gen2Protocol;
  },
  'req-get-region': ({ state }) => {
    state.region = region.na2;
  },
  'req-get-read-power-2': ({ state }) => {
    state.readCentiDbm = 1200;
  },
  'req-read-tag-single': allowReading,
  'req-read-tag-single-2': allowReading,
};

function allowReading({ state }: UhfReader): void {
  state.protocol = gen2Protocol;
  state.region = region.eu;
}

describe('the simulated reader against what modules were seen to answer', () => {
  it.each(exchanges)('$id ($origin)', async ({ id, origin, request, response }) => {
    const clock = new VirtualClock();
    const sent: string[] = [];
    const reader = createUhfReader({
      clock,
      random: seededRandom(id),
      air: { round: () => [{ epc: 'E200322FE20DF9311328B7E3', rssiDbm: -60, count: 1 }] },
      send: (bytes) => sent.push(toHex(bytes).toLowerCase()),
      antennas: origin === 'nano' ? 2 : 1,
      baudRate: 115_200,
      model: origin === 'nano' ? nanoModel : m5eModel,
    });
    before[id]?.(reader);
    reader.receive(fromHex(request));
    await clock.advance(1200);
    expect(sent).toEqual([response]);
  });
});
