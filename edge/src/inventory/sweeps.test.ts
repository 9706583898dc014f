import { describe, expect, it } from 'vitest';
import type { SweepPlan } from '../reader/reader.js';
import { anEpc } from '../testing/builders.js';
import { createSweeps, type PlanReader } from './sweeps.js';

const usual: SweepPlan = { kind: 'usual' };
const rest: SweepPlan = { kind: 'rest' };
const only: SweepPlan = { kind: 'only', epcs: [anEpc(1)] };

/** A reader whose every answer waits for the test. */
function aRig() {
  const asked: { readonly plan: SweepPlan; begins(): void; answer(done: boolean): Promise<void> }[] = [];
  const begun: [kind: string, anew: boolean][] = [];
  const reader: PlanReader = {
    focusLimit: 4,
    setPlan: (plan, begins) =>
      new Promise((resolve) => {
        asked.push({
          ...{ plan, begins },
          answer: async (done) => {
            resolve(done);
            // What follows the answer may ask again.
            for (let turn = 0; turn < 4; turn++) await Promise.resolve();
          },
        });
      }),
  };
  const sweeps = createSweeps({ reader, onBegin: ({ kind }, anew) => begun.push([kind, anew]) });
  const last = () => asked.at(-1) ?? expect.fail('nothing was asked of the reader');
  const done = async (): Promise<void> => {
    last().begins();
    await last().answer(true);
  };
  return { sweeps, asked, begun, last, done, kinds: () => asked.map(({ plan }) => plan.kind) };
}

describe('createSweeps', () => {
  it('knows of no plan before the reader has begun one', async () => {
    const { sweeps, begun, last } = aRig();
    expect([sweeps.current, sweeps.isChanging]).toEqual([null, false]);
    sweeps.change(rest);
    expect([sweeps.current, sweeps.isChanging]).toEqual([null, true]);
    last().begins();
    expect([sweeps.current, sweeps.isChanging, begun]).toEqual([rest, true, [['rest', true]]]);
    await last().answer(true);
    expect([sweeps.current, sweeps.isChanging]).toEqual([rest, false]);
  });

  it('asks as usual after a refusal, and does not try that kind again', async () => {
    const { sweeps, begun, done, last, kinds } = aRig();
    sweeps.change(rest);
    await last().answer(false);
    expect([sweeps.cannot('rest'), sweeps.cannot('only'), kinds()]).toEqual([true, false, ['rest', 'usual']]);
    expect(sweeps.current).toBeNull();
    await done();
    expect([sweeps.current, sweeps.isChanging, begun]).toEqual([usual, false, [['usual', true]]]);
  });

  it('takes a reader that refuses even the usual reading as it is, in the middle of a sweep', async () => {
    const { sweeps, begun, last, kinds } = aRig();
    sweeps.change(only);
    await last().answer(false);
    await last().answer(false);
    expect([sweeps.current, begun, kinds()]).toEqual([usual, [['usual', false]], ['only', 'usual']]);
  });

  it('believes only the newest of two changes that cross', async () => {
    const { sweeps, asked, begun } = aRig();
    sweeps.change(rest);
    sweeps.change(only);
    asked[0]?.begins();
    await asked[0]?.answer(true);
    expect([sweeps.current, sweeps.isChanging, begun]).toEqual([null, true, []]);
    asked[1]?.begins();
    await asked[1]?.answer(true);
    expect([sweeps.current, sweeps.isChanging, begun]).toEqual([only, false, [['only', true]]]);
  });

  it('does not fall back for a refusal that another change has overtaken', async () => {
    const { sweeps, asked, kinds } = aRig();
    sweeps.change(rest);
    sweeps.change(only);
    await asked[0]?.answer(false);
    expect([kinds(), sweeps.cannot('rest')]).toEqual([['rest', 'only'], false]);
  });

  it('knows nothing any more once the reader was away', async () => {
    const { sweeps, done } = aRig();
    sweeps.change(rest);
    await done();
    sweeps.lost();
    expect([sweeps.current, sweeps.isChanging]).toEqual([null, false]);
  });

  it.each([
    ['rest', rest, ['rest', 'usual']],
    ['only', only, ['only', 'usual']],
    ['usual', usual, ['usual']],
  ] as const)('leaves a reader to itself after %s, and has everybody asked again', async (_kind, plan, expected) => {
    const { sweeps, done, kinds } = aRig();
    sweeps.change(plan);
    await done();
    sweeps.end();
    sweeps.end();
    expect(kinds()).toEqual(expected);
  });

  it('begins nothing after its end, whatever the reader says late', async () => {
    const { sweeps, asked, begun, kinds } = aRig();
    sweeps.change(rest);
    sweeps.end();
    asked[0]?.begins();
    await asked[0]?.answer(false);
    expect([sweeps.current, begun, kinds()]).toEqual([null, [], ['rest', 'usual']]);
  });
});
