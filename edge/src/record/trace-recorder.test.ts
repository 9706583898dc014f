import { silentLog } from '@tagtrail/shared/log/log.js';
import { decodeTraceLine, isTraceHead } from '@tagtrail/shared/serial/trace.js';
import { createLinkPair } from '@tagtrail/shared/testing/link-pair.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createTraceRecorder } from './trace-recorder.js';

async function aLink(write: (text: string) => void) {
  const clock = new VirtualClock();
  const recorder = createTraceRecorder({ clock, log: silentLog, write });
  const pair = createLinkPair(clock);
  const link = await recorder.wrap('uhf', async () => pair.host)(115_200);
  return { clock, recorder, pair, link };
}

describe('the trace recorder', () => {
  it('writes down every byte with its time and its way, and how the link ended', async () => {
    const written: string[] = [];
    const { clock, recorder, pair, link } = await aLink((text) => written.push(text));
    const heard: number[] = [];
    link.onData((chunk) => heard.push(...chunk));
    await clock.advance(5);
    await link.write(Uint8Array.of(0xff, 0x00));
    await pair.device.write(Uint8Array.of(1, 2, 3));
    await clock.advance(20);
    pair.unplug();
    await clock.advance(300);
    recorder.close();
    const [head = '', ...lines] = written.join('').trimEnd().split('\n');
    expect(isTraceHead(head)).toBe(true);
    const decoded = lines.map(decodeTraceLine);
    expect(decoded.map((line) => line?.kind)).toEqual(['open', 'sent', 'received', 'close']);
    expect(decoded[1]).toEqual({ atMs: 5, device: 'uhf', kind: 'sent', bytes: Uint8Array.of(0xff, 0x00) });
    expect(decoded[2]).toMatchObject({ bytes: Uint8Array.of(1, 2, 3) });
    expect(decoded[3]).toMatchObject({ reason: 'unplugged' });
    expect(heard).toEqual([1, 2, 3]);
  });

  it('ends without a word to the devices when its disk takes no more', async () => {
    let refused = 0;
    const { clock, pair, link } = await aLink((text) => {
      if (isTraceHead(text.trimEnd())) return;
      refused++;
      throw new Error('ENOSPC');
    });
    const heard: number[] = [];
    link.onData((chunk) => heard.push(...chunk));
    for (let i = 0; i < 3; i++) {
      await pair.device.write(Uint8Array.of(i));
      await clock.advance(1000);
    }
    expect([heard, refused]).toEqual([[0, 1, 2], 1]);
  });
});
