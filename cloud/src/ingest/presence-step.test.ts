import { describe, expect, it } from 'vitest';
import { type PresenceBefore, presenceStep, unheard } from './presence-step.js';

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
