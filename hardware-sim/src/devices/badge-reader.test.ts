import { toHex } from '@tagtrail/shared/bytes/hex.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBadgeReader } from './badge-reader.js';

/** Frames of real cards: HB-UNI-Sen-RFID-RC issue 3, Bruce firmware issue 2014. */
const published = [
  ['1F00644BB6', '0231463030363434424236383603'],
  ['000414CD7E', '0230303034313443443745413303'],
  ['01C8F00800', '0230314338463030383030333103'],
] as const;

describe('createBadgeReader', () => {
  let clock: VirtualClock;
  let frames: { at: number; hex: string }[];

  beforeEach(() => {
    clock = new VirtualClock();
    frames = [];
  });

  function aReader() {
    const reader = createBadgeReader(clock);
    reader.powerOn((bytes) => frames.push({ at: clock.monotonicMs(), hex: toHex(bytes) }));
    return reader;
  }

  it.each(published)('sends the published frame of card %s', (number, hex) => {
    aReader().present(number, 0);
    expect(frames).toEqual([{ at: 0, hex }]);
  });

  it('repeats the frame every 65 ms for as long as the badge is held', async () => {
    aReader().present('1F00644BB6', 200);
    await clock.advance(1000);
    expect(frames.map(({ at }) => at)).toEqual([0, 65, 130, 195]);
  });

  it('forgets the badge before when another one is presented', async () => {
    const reader = aReader();
    reader.present('1F00644BB6', 1000);
    await clock.advance(100);
    reader.present('000414CD7E', 0);
    await clock.advance(1000);
    expect(frames.map(({ hex }) => hex).at(-1)).toBe(published[1][1]);
    expect(frames).toHaveLength(3);
  });

  it('says nothing without power', async () => {
    const reader = aReader();
    reader.present('1F00644BB6', 300);
    reader.powerOff();
    await clock.advance(1000);
    expect(frames).toHaveLength(1);
  });

  it('refuses what is no badge number', () => {
    const reader = aReader();
    const present = (): void => reader.present('12G4', 0);
    expect(present).toThrow(expect.objectContaining({ code: 'rdm6300.number_malformed' }));
  });
});
