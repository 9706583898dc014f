import { toHex } from '@tagtrail/shared/bytes/hex.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Air, AirRead } from '../field/air.js';
import type { BuildReader } from '../serve/cabinet-reader.js';
import { type QuickCabinet, quickCabinet } from '../testing/quick-cabinet.js';
import { quietReader } from '../testing/quiet-reader.js';
import { faults } from './catalogue.js';

const tags = Array.from({ length: 20 }, (_, i) => ({ epc: `E280116060000205000001${10 + i}`, antenna: 1 + (i % 4) }));
const frame = '0231463030363434424236383603';

describe('faults', () => {
  let clock: VirtualClock;
  let quick: QuickCabinet;

  beforeEach(() => {
    clock = new VirtualClock();
    quick = quickCabinet(clock, { tags, reader: { readPercent: 100 } });
  });

  /** Everything that a host gets to hear while a badge is held to the reader for `heldMs`. */
  async function heardFromBadge(heldMs: number): Promise<string> {
    let heard = '';
    const link = await quick.lines.badge.openLink();
    link.onData((chunk) => {
      heard += toHex(chunk);
    });
    quick.cabinet.badgeReader.present('1F00644BB6', heldMs);
    await clock.advance(heldMs + 500);
    await link.close();
    return heard;
  }

  async function lockLink(): Promise<{ link: SerialLink; ask(hex: string): Promise<string> }> {
    const link = await quick.lines.lock.openLink();
    let heard = '';
    link.onData((chunk) => {
      heard += toHex(chunk);
    });
    return {
      link,
      ask: async (hex) => {
        heard = '';
        await link.write(Uint8Array.from(Buffer.from(hex, 'hex')));
        await clock.advance(200);
        return heard;
      },
    };
  }

  it('each have one sentence, a fitting device, and options that may all be left out', () => {
    for (const fault of faults) {
      expect(fault.sentence).toMatch(/^[A-Z].+\.$/);
      expect(fault.devices.length).toBeGreaterThan(0);
      expect(fault.options.safeParse({}).success).toBe(true);
      expect(fault.options.safeParse({ nonsense: 1 }).success).toBe(false);
    }
    const names = faults.flatMap((fault) => [fault.name, ...fault.also]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('each can begin and end on each of its devices, leaving nothing behind', async () => {
    for (const fault of faults) {
      for (const device of fault.devices) {
        quick.cabinet.faults.begin({ fault: fault.name, device });
        await clock.advance(50);
        expect(quick.cabinet.faults.of(device).map((one) => one.fault)).toEqual([fault.name]);
        quick.cabinet.faults.end({ fault: fault.name, device });
        await clock.advance(1000);
        expect(clock.pending()).toEqual([]);
        expect(quick.cabinet.lines[device].path()).toBe('');
      }
    }
    expect(await heardFromBadge(0)).toBe(frame);
  });

  it('none: a badge is heard as it is', async () => {
    expect(await heardFromBadge(130)).toBe(frame.repeat(3));
  });

  it('garble: flips bits and keeps the length', async () => {
    quick.cabinet.faults.begin({ fault: 'corrupt-bytes', device: 'badge', options: { percent: 30 } });
    const heard = await heardFromBadge(650);
    expect(heard).toHaveLength(frame.length * 11);
    expect(heard).not.toBe(frame.repeat(11));
  });

  it('dropped-bytes: loses some', async () => {
    quick.cabinet.faults.begin({ fault: 'dropped-bytes', device: 'badge', options: { percent: 30 } });
    const heard = await heardFromBadge(650);
    expect(heard.length).toBeLessThan(frame.length * 10);
    expect(heard.length).toBeGreaterThan(frame.length * 4);
  });

  it('noise: is heard while the device has nothing to say', async () => {
    quick.cabinet.faults.begin({ fault: 'noise', device: 'badge' });
    const heard = await heardFromBadge(0);
    expect(heard).toContain(frame);
    expect(heard.length).toBeGreaterThan(frame.length);
  });

  it('slow: brings everything that much later', async () => {
    quick.cabinet.faults.begin({ fault: 'slow', device: 'badge', options: { lateMs: 700 } });
    expect(await heardFromBadge(0)).toBe('');
    await clock.advance(1000);
    quick.cabinet.faults.end({ fault: 'slow', device: 'badge' });
    quick.cabinet.faults.begin({ fault: 'slow', device: 'badge', options: { lateMs: 300 } });
    expect(await heardFromBadge(0)).toBe(frame);
  });

  it('silent: hears nothing and says nothing', async () => {
    const { ask } = await lockLink();
    quick.cabinet.faults.begin({ fault: 'silent', device: 'lock' });
    expect(await ask('01050000FF008C3A')).toBe('');
    expect(quick.cabinet.lockBoard.relayOn(0)).toBe(false);
    quick.cabinet.faults.end({ fault: 'silent', device: 'lock' });
    expect(await ask('01050000FF008C3A')).toBe('01050000FF008C3A');
  });

  it('restart: drops relays and comes back by itself', async () => {
    const { ask } = await lockLink();
    await ask('01050000FF008C3A');
    quick.cabinet.faults.begin({ fault: 'restart', device: 'lock' });
    expect(quick.cabinet.lockBoard.relayOn(0)).toBe(false);
    expect(await ask('01020000000879CC')).toBe('');
    await clock.advance(500);
    expect(await ask('01020000000879CC')).not.toBe('');
  });

  it('unplug: closes the line of the host and refuses a new one until it is over', async () => {
    const { link } = await lockLink();
    const closed: unknown[] = [];
    link.onClose((reason) => closed.push(reason));
    quick.cabinet.faults.begin({ fault: 'unplug', device: 'lock', forMs: 1000 });
    expect(closed).toEqual([{ reason: 'unplugged', detail: 'the cable was pulled' }]);
    await expect(quick.lines.lock.openLink()).rejects.toMatchObject({ code: 'serial.port_missing' });
    await clock.advance(1000);
    const { ask } = await lockLink();
    expect(await ask('01020000000879CC')).toBe('010201016048');
  });

  describe('on the air', () => {
    let air: Air;

    beforeEach(() => {
      const reader: BuildReader = (options) => {
        air = options.air;
        return quietReader(options);
      };
      quick = quickCabinet(clock, { tags, reader: { readPercent: 100 } }, reader);
    });

    const heard = (antenna: number, rounds = 200) =>
      Array.from({ length: rounds }, (_, i) => air.round(antenna, i)).flat();
    const own = (reads: readonly AirRead[]) => reads.filter((read) => tags.some((tag) => tag.epc === read.epc));

    it('missed-reads: loses that share', () => {
      const all = heard(1).length;
      quick.cabinet.faults.begin({ fault: 'missed-reads', options: { percent: 50 } });
      expect(heard(1).length / all).toBeGreaterThan(0.4);
      expect(heard(1).length / all).toBeLessThan(0.6);
    });

    it('stray-reads: adds tags of nobody, and none of the own ones is lost', () => {
      const foreign = (reads: readonly AirRead[]) => reads.length - own(reads).length;
      expect(foreign(heard(1))).toBe(0);
      quick.cabinet.faults.begin({ fault: 'stray-reads', options: { perRound: 8 } });
      const reads = heard(1);
      expect(foreign(reads)).toBeGreaterThan(250);
      expect(foreign(reads)).toBeLessThan(550);
      expect(own(reads).length).toBeGreaterThan(200 * 5);
    });

    it('neighbour: is heard by the last antenna only', () => {
      quick.cabinet.faults.begin({ fault: 'neighbour', options: { tags: 10, readPercent: 50 } });
      const foreign = (reads: readonly AirRead[]) => reads.length - own(reads).length;
      expect([1, 2, 3].map((antenna) => foreign(heard(antenna)))).toEqual([0, 0, 0]);
      expect(foreign(heard(4))).toBeGreaterThan(700);
    });

    it('antenna-lost: hears nothing there and as before elsewhere', () => {
      quick.cabinet.faults.begin({ fault: 'antenna-lost', options: { antenna: 2 } });
      expect(heard(2)).toEqual([]);
      expect(heard(1).length).toBeGreaterThan(200);
      quick.cabinet.faults.endAll();
      expect(heard(2).length).toBeGreaterThan(200);
    });
  });

  it('stuck-door-contact: tells closed while the door is open', async () => {
    const { ask } = await lockLink();
    quick.cabinet.faults.begin({ fault: 'stuck-door-contact' });
    quick.cabinet.openDoor(1, true);
    expect(await ask('01020000000879CC')).toBe('010201016048');
    quick.cabinet.faults.end({ fault: 'stuck-door-contact' });
    expect(await ask('01020000000879CC')).toBe('01020100A188');
  });

  it('lock-jammed: switches the relay and keeps the door locked', async () => {
    const { ask } = await lockLink();
    quick.cabinet.faults.begin({ fault: 'jam' });
    expect(await ask('01050000FF008C3A')).toBe('01050000FF008C3A');
    expect(() => quick.cabinet.openDoor(1, false)).toThrow(expect.objectContaining({ code: 'door.locked' }));
  });

  it('board-refuses: answers "device failure" to a command and still tells its contacts', async () => {
    const { ask } = await lockLink();
    quick.cabinet.faults.begin({ fault: 'board-refuses' });
    expect(await ask('01050000FF008C3A')).toMatch(/^018504/);
    expect(await ask('01020000000879CC')).toBe('010201016048');
  });
});
