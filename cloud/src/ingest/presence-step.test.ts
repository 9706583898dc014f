import { describe, expect, it } from 'vitest';
import { bootStep, type PresenceBefore, presenceStep, unbooted, unheard } from './presence-step.js';

const t = 1_000_000;
const online: PresenceBefore = { online: true, heardAtMs: t, leftAtMs: null };
const gone: PresenceBefore = { online: false, heardAtMs: t, leftAtMs: t };
const told: PresenceBefore = { online: false, heardAtMs: t, leftAtMs: null };

describe('news of a cabinet', () => {
  it.each([
    ['the first hello', unheard, true, t, null, ['connected']],
    ['a will of one never heard', unheard, false, t, null, []],
    ['a state among others', online, true, t + 10_000, null, []],
    ['a loss', online, false, t + 10_000, t + 10_000, []],
    ['the loss again', gone, false, t + 3_000, t, []],
    ['back within the grace', gone, true, t + 9_999, null, []],
    [
      'back after the grace, before anybody wrote the loss',
      gone,
      true,
      t + 10_000,
      null,
      ['disconnected', 'connected'],
    ],
    ['back after a loss that was written', told, true, t + 60_000, null, ['connected']],
  ] as const)('%s', (_name, before, isOnline, atMs, leftAtMs, kinds) => {
    const step = presenceStep(before, { online: isOnline, atMs });
    expect([step?.leftAtMs, step?.lines.map(({ kind }) => kind.replace('cabinet.', ''))]).toEqual([leftAtMs, kinds]);
  });

  it('leaves out a will that another process overtook, and believes a clock that was set back', () => {
    expect(presenceStep(online, { online: false, atMs: t - 200 })).toBeUndefined();
    expect(presenceStep(online, { online: false, atMs: t - 3_600_000 })).toMatchObject({ leftAtMs: t - 3_600_000 });
  });
});

describe('the starts of an agent', () => {
  const heard = (boots: string, stepMs: number): boolean[] => {
    let known = unbooted;
    return [...boots].map((boot, place) => {
      const step = bootStep(known, { boot, atMs: t + place * stepMs });
      known = step;
      return step.isDoubled;
    });
  };

  it.each([
    ['a', [false]],
    ['aab', [false, false, false]],
    ['abcd', [false, false, false, false]],
    ['aba', [false, false, true]],
    ['abcab', [false, false, false, true, true]],
  ])('%s: a start that comes back is that of a second device', (boots, doubled) => {
    expect(heard(boots, 20_000)).toEqual(doubled);
  });

  it('is no return when two processes of the cloud cross', () => {
    expect(heard('aba', 1_000)).toEqual([false, false, false]);
    expect(heard('abab', 1_000)).toEqual([false, false, false, false]);
  });
});
