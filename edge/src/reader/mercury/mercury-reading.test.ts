import { describe, expect, it } from 'vitest';
import { anEpc } from '../../testing/builders.js';
import { createMercuryBench, type MercuryBench, type MercuryBenchOptions } from '../../testing/mercury-bench.js';
import type { SweepPlan } from '../reader.js';
import { focusLimit } from './mercury-plans.js';
import { streamFrames } from './mercury-replies.vectors.js';

const usual: SweepPlan = { kind: 'usual' };
const rest: SweepPlan = { kind: 'rest' };
const only = (...epcs: readonly string[]): SweepPlan => ({ kind: 'only', epcs });

/** What the bench's module was asked, in words. */
function wordsOf({ op, data }: MercuryBench['asked'][number], plan: SweepPlan): string {
  if (op === 0x2f) return data.startsWith('000002') ? 'stop' : startWords(data, plan);
  if (op !== 0x9b) return `command ${op.toString(16)}`;
  // Gen2, its parameter, the value: 00 is the session, 01 the target.
  return `${data.slice(2, 4) === '00' ? 'session' : 'target'} ${data.slice(4)}`;
}

function startWords(data: string, plan: SweepPlan): string {
  const named = plan.kind === 'only' ? plan.epcs.filter((epc) => data.includes(epc.slice(-16).toLowerCase())) : [];
  return ['start', ...named.map((epc) => Number.parseInt(epc.slice(-6), 16))].join(' ');
}

/** A module that reads and has ended so many sweeps; `refuse`: what its firmware does not know. */
async function aReading(options: MercuryBenchOptions & { readonly refuse?: readonly string[] } = {}, sweeps = 2) {
  const bench = createMercuryBench(options);
  for (const start of options.refuse ?? []) bench.refuse.add(start);
  bench.reader.start();
  await bench.clock.advance(100);
  await bench.sweep(250 * sweeps);
  bench.asked.length = 0;
  const begun: string[] = [];
  /** Asks for a plan, and lets the module answer. */
  const plan = async (wanted: SweepPlan): Promise<{ done: boolean | undefined; asked: readonly string[] }> => {
    bench.asked.length = 0;
    const changing = bench.reader.setPlan?.(wanted, () => begun.push(wanted.kind));
    await bench.clock.advance(50);
    return { done: await changing, asked: bench.asked.map((one) => wordsOf(one, wanted)) };
  };
  return { bench, begun, plan };
}

describe('the plans of a Mercury reader', () => {
  it('asks a few by name, in the session that it reads in anyway', async () => {
    const { bench, begun, plan } = await aReading();
    expect(await plan(only(anEpc(7), anEpc(8)))).toEqual({ done: true, asked: ['stop', 'start 7 8'] });
    expect(begun).toEqual(['only']);
    const before = bench.rounds();
    await bench.say(streamFrames.roundEnd.hex);
    expect(bench.rounds()).toBe(before + 1);
    // A search that few answer is short; a usual one has the time of the settings.
    expect(bench.asked.at(-1)?.data).toContain('003c');
    expect(await plan(usual)).toMatchObject({ done: true, asked: ['stop', 'start'] });
    expect(bench.asked.at(-1)?.data).toContain('00fa');
  });

  it.each([
    ['a usual EPC', '3034257BF7194E4000001A85', '0000004040f7194e4000001a85'],
    ['a long one', 'E28011700000020A3034257BF7194E40', '00000060403034257bf7194e40'],
    ['a short one', '3034257B', '00000020203034257b'],
  ])('names %s by its last 64 bits', async (_what, epc, select) => {
    const { bench, plan } = await aReading();
    expect(await plan(only(epc))).toMatchObject({ done: true });
    expect(bench.asked.at(-1)?.data).toContain(select);
  });

  it('gives an antenna the time of its own also where few are asked', async () => {
    const ports = [1, 2, 3, 4].map((antenna) => ({ antenna, dwellMs: 60 }));
    const { bench, plan } = await aReading({ settings: { ports } });
    await plan(only(anEpc(7)));
    expect(bench.asked.at(-1)?.data).toContain('00fa');
  });

  it('asks each once in a session of its own, and comes back from it', async () => {
    const { plan } = await aReading();
    expect(await plan(rest)).toEqual({ done: true, asked: ['stop', 'session 02', 'target 0100', 'start'] });
    expect(await plan(only(anEpc(7)))).toEqual({ done: true, asked: ['stop', 'session 01', 'target 0000', 'start 7'] });
  });

  it('begins such sweeps only after two usual ones have named every tag, each time anew', async () => {
    const { bench, begun, plan } = await aReading({}, 1);
    expect(await plan(rest)).toEqual({ done: false, asked: [] });
    await bench.sweep(250);
    expect(await plan(rest)).toMatchObject({ done: true });
    await plan(usual);
    expect(await plan(rest)).toEqual({ done: false, asked: [] });
    // Sweeps that ask a few name nobody.
    await plan(only(anEpc(1)));
    await bench.sweep(1000);
    expect(await plan(rest)).toEqual({ done: false, asked: [] });
    await plan(usual);
    await bench.sweep(500);
    expect(await plan(rest)).toMatchObject({ done: true });
    expect(begun).toEqual(['rest', 'usual', 'only', 'usual', 'rest']);
  });

  it('begins when everything that was read before has been told', async () => {
    const { bench } = await aReading();
    let readBefore = -1;
    const changing = bench.reader.setPlan?.(only(anEpc(7)), () => {
      readBefore = bench.reads.length;
    });
    await bench.say(streamFrames.tagOne.hex);
    await bench.clock.advance(50);
    expect([await changing, readBefore]).toEqual([true, 1]);
  });

  it.each([
    ['nobody', only()],
    ['more than one search takes', only(...Array.from({ length: focusLimit + 1 }, (_, index) => anEpc(index)))],
  ])('refuses to ask %s, and reads on', async (_whom, wanted) => {
    const { bench, begun, plan } = await aReading();
    expect(await plan(wanted)).toEqual({ done: false, asked: [] });
    expect([begun, bench.status()]).toEqual([[], 'ok']);
  });

  it('refuses plans to firmware that takes no Selects, except to read as usual', async () => {
    // Searches with Selects, with and without the temperature in the stream.
    const { bench, begun, plan } = await aReading({ refuse: ['2f000001220000051c', '2f000001220000051e'] });
    expect(bench.status()).toBe('ok');
    expect(await plan(only(anEpc(7)))).toEqual({ done: false, asked: [] });
    expect(await plan(rest)).toEqual({ done: false, asked: [] });
    expect(await plan(usual)).toMatchObject({ done: true });
    expect(begun).toEqual(['usual']);
  });

  it('asks nobody by name while it reads with more power', async () => {
    const { bench, plan } = await aReading({ settings: { readPowerDbm: 20 } });
    const raised = bench.reader.setEffort?.('thorough');
    await bench.clock.advance(50);
    await raised;
    expect(await plan(only(anEpc(7)))).toEqual({ done: false, asked: [] });
    const fallen = bench.reader.setEffort?.('usual');
    await bench.clock.advance(50);
    await fallen;
    expect(await plan(only(anEpc(7)))).toMatchObject({ done: true });
  });

  it('makes one change after another', async () => {
    const { bench, begun } = await aReading();
    const first = bench.reader.setPlan?.(only(anEpc(1)), () => begun.push('first'));
    const second = bench.reader.setPlan?.(rest, () => begun.push('second'));
    await bench.clock.advance(50);
    expect([await first, await second, begun]).toEqual([true, true, ['first', 'second']]);
    expect(bench.asked.map((one) => wordsOf(one, only(anEpc(1))))).toEqual([
      ...['stop', 'start 1'],
      ...['stop', 'session 02', 'target 0100', 'start'],
    ]);
  });

  it('is set up from the start when the module refuses, and reads as usual', async () => {
    const { bench, plan } = await aReading();
    bench.refuse.add('9b0500');
    expect((await plan(rest)).done).toBe(false);
    bench.refuse.clear();
    await bench.sweep(5000);
    expect(bench.status()).toBe('ok');
    const again = bench.asked.map((one) => wordsOf(one, usual));
    expect(again.slice(again.lastIndexOf('session 01'))).toEqual([
      ...['session 01', 'target 0000', 'command 9a', 'command 9a', 'start'],
    ]);
  });

  it('has no plan while it is not there', async () => {
    const { bench, begun, plan } = await aReading();
    bench.unplug();
    await bench.clock.advance(100);
    expect((await plan(only(anEpc(7)))).done).toBe(false);
    expect(begun).toEqual([]);
  });
});
