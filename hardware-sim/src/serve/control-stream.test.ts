import { cabinetState, readBatch, readsPerBatch } from '@tagtrail/shared/simulator/control-protocol.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { type QuickCabinet, quickCabinet } from '../testing/quick-cabinet.js';
import { quietReader } from '../testing/quiet-reader.js';
import { type ControlStream, createControlStream, type StreamSink } from './control-stream.js';

const epc = 'E28011606000020512345678';

interface Page extends StreamSink {
  readonly texts: string[];
  destroyed: boolean;
  writableLength: number;
}

function aPage(): Page {
  const page: Page = {
    texts: [],
    destroyed: false,
    writableLength: 0,
    write: (text: unknown) => {
      page.texts.push(String(text));
      return true;
    },
    destroy() {
      page.destroyed = true;
      return this as never;
    },
  };
  return page;
}

function eventsOf(page: Page, name: string): unknown[] {
  return page.texts
    .filter((text) => text.startsWith(`event: ${name}\n`))
    .map((text) => JSON.parse(text.slice(text.indexOf('data: ') + 6)));
}

describe('the stream of the control', () => {
  let clock: VirtualClock;
  let quick: QuickCabinet;
  let stream: ControlStream;
  let sweep: (rounds: number) => void;

  beforeEach(() => {
    clock = new VirtualClock();
    let air: { round(antenna: number, atMs: number): unknown } | undefined;
    quick = quickCabinet(
      clock,
      { tags: [{ epc, antenna: 2 }], reader: { readPercent: 100, leakPercent: 0 } },
      (parts) => {
        air = parts.air;
        return quietReader(parts);
      },
    );
    stream = createControlStream(quick.cabinet, clock);
    sweep = (rounds) => {
      for (let n = 0; n < rounds; n++) for (const antenna of [1, 2, 3, 4]) air?.round(antenna, clock.monotonicMs());
    };
  });

  it('begins with the state and tells what changes, in one batch', async () => {
    const page = aPage();
    stream.add(page);
    quick.cabinet.openDoor(1, true);
    quick.cabinet.placeTag({ epc, inside: false });
    await clock.advance(100);
    const states = eventsOf(page, 'state').map((state) => cabinetState.parse(state));
    expect(states.map(({ doors }) => doors[0]?.open)).toEqual([false, true]);
    expect(states[1]?.tags[0]?.inside).toBe(false);
    await clock.advance(800);
    expect(eventsOf(page, 'state')).toHaveLength(2);
    await clock.advance(300);
    expect(eventsOf(page, 'state')).toHaveLength(3);
  });

  it('carries every read with its antenna, and counts the rounds', async () => {
    const page = aPage();
    stream.add(page);
    sweep(3);
    await clock.advance(100);
    const [batch] = eventsOf(page, 'reads').map((reads) => readBatch.parse(reads));
    expect(batch?.rounds).toEqual([3, 3, 3, 3]);
    expect(batch?.reads).toHaveLength(quick.cabinet.air.reads);
    expect(batch?.reads).toContainEqual(expect.objectContaining({ epc, antenna: 2, agoMs: 100 }));
    await clock.advance(500);
    expect(eventsOf(page, 'reads')).toHaveLength(1);
  });

  it('leaves reads out of a batch that is full, and says how many', async () => {
    const page = aPage();
    stream.add(page);
    sweep(readsPerBatch + 25);
    await clock.advance(100);
    const [batch] = eventsOf(page, 'reads').map((reads) => readBatch.parse(reads));
    expect([batch?.reads.length, batch?.leftOut]).toEqual([readsPerBatch, quick.cabinet.air.reads - readsPerBatch]);
  });

  it('does nothing while nobody listens', async () => {
    const page = aPage();
    stream.add(page);
    stream.remove(page);
    sweep(1);
    await clock.advance(5_000);
    expect(page.texts).toHaveLength(1);
    const later = aPage();
    stream.add(later);
    await clock.advance(100);
    expect(eventsOf(later, 'reads')).toEqual([]);
  });

  it('cuts off a page that does not read, and refuses more pages than it can serve', async () => {
    const slow = aPage();
    stream.add(slow);
    slow.writableLength = 2_000_000;
    await clock.advance(1_000);
    expect(slow.destroyed).toBe(true);
    expect(Array.from({ length: 17 }, () => stream.add(aPage()))).toEqual([...new Array(16).fill(true), false]);
    stream.close();
  });
});
