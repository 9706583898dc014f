import { describe, expect, it } from 'vitest';
import { idleLink, type LinkInput, type LinkRules, type LinkState, nextLink, reportOf } from './link-machine.js';

const streaming: LinkRules = { device: 'UHF reader', silentAfterMs: 3000, garbledSetupMs: 4000 };
const quiet: LinkRules = { device: 'badge reader', silentAfterMs: null, garbledSetupMs: 4000 };

type Timed = readonly [at: number, input: LinkInput];

interface Run {
  readonly state: LinkState;
  /** Kinds of all effects, in order. */
  readonly effects: readonly string[];
}

function run(inputs: readonly Timed[], rules: LinkRules = streaming): Run {
  let state = idleLink;
  const effects: string[] = [];
  for (const [at, input] of inputs) {
    const step = nextLink(state, input, { at, rules });
    state = step.state;
    effects.push(...step.effects.map((effect) => effect.kind));
  }
  return { state, effects };
}

const up: readonly Timed[] = [
  [0, { kind: 'start' }],
  [1, { kind: 'opened' }],
  [2, { kind: 'configured' }],
];
const well: readonly Timed[] = [...up, [3, { kind: 'valid', bytes: 100 }]];

describe('nextLink', () => {
  it.each<[string, readonly Timed[], LinkRules, LinkState['phase'], LinkState['status']]>([
    ['starts connecting', up.slice(0, 1), streaming, 'connecting', 'starting'],
    ['configures what is open', up.slice(0, 2), streaming, 'configuring', 'starting'],
    ['waits for a first frame', up, streaming, 'up', 'starting'],
    ['is well with a valid frame', well, streaming, 'up', 'ok'],
    ['is well at once when it is silent by nature', up, quiet, 'up', 'ok'],
    [
      'is unplugged when its port is missing',
      [...up.slice(0, 1), [1, refused('missing')]],
      streaming,
      'backing_off',
      'unplugged',
    ],
    [
      'is faulty when its port is refused',
      [...up.slice(0, 1), [1, refused('fault')]],
      streaming,
      'backing_off',
      'faulty',
    ],
    [
      'is silent when nothing answers',
      [...up.slice(0, 2), [1, refused('unanswered')]],
      streaming,
      'backing_off',
      'silent',
    ],
    [
      'is garbled when only noise answers',
      [...up.slice(0, 2), [1, { kind: 'discarded', bytes: 8 }], [1, refused('unanswered')]],
      streaming,
      'backing_off',
      'garbled',
    ],
    [
      'is unplugged when its line is lost',
      [...well, [9, { kind: 'lost', detail: 'x' }]],
      streaming,
      'backing_off',
      'unplugged',
    ],
    ['is well just before the silence is too long', [...well, [3002, { kind: 'tick' }]], streaming, 'up', 'ok'],
    [
      'is silent when it said nothing for too long',
      [...well, [3003, { kind: 'tick' }]],
      streaming,
      'backing_off',
      'silent',
    ],
    ['may be silent by nature', [...up, [99_000, { kind: 'tick' }]], quiet, 'up', 'ok'],
    [
      'is well with half of the bytes discarded',
      [...well, [9, { kind: 'discarded', bytes: 100 }]],
      streaming,
      'up',
      'ok',
    ],
    [
      'is garbled with more than half of them discarded',
      [...well, [9, { kind: 'discarded', bytes: 101 }]],
      streaming,
      'up',
      'garbled',
    ],
    ['is not judged by 63 bytes', [...up, [9, { kind: 'discarded', bytes: 63 }]], quiet, 'up', 'ok'],
    ['is judged by 64 bytes', [...up, [9, { kind: 'discarded', bytes: 64 }]], quiet, 'up', 'garbled'],
    [
      'is well again when three quarters of the bytes make sense again',
      [...well, [9, { kind: 'discarded', bytes: 150 }], [10, { kind: 'valid', bytes: 350 }]],
      streaming,
      'up',
      'ok',
    ],
    [
      'stays garbled while fewer than three quarters make sense',
      [...well, [9, { kind: 'discarded', bytes: 150 }], [10, { kind: 'valid', bytes: 349 }]],
      streaming,
      'up',
      'garbled',
    ],
    [
      'is well again by itself when the noise is over',
      [...up, [9, { kind: 'discarded', bytes: 64 }], [3500, { kind: 'tick' }], [6000, { kind: 'tick' }]],
      { ...quiet, garbledSetupMs: 60_000 },
      'up',
      'ok',
    ],
    [
      'sets a garbled device up anew after a while',
      [...up, [9, { kind: 'discarded', bytes: 64 }], [4009, { kind: 'tick' }]],
      quiet,
      'backing_off',
      'garbled',
    ],
    [
      'is faulty when the device restarts',
      [...well, [9, { kind: 'restarted', detail: 'x' }]],
      streaming,
      'backing_off',
      'faulty',
    ],
    [
      'is faulty while the device complains',
      [...well, [9, { kind: 'trouble', detail: 'x' }]],
      streaming,
      'up',
      'faulty',
    ],
    [
      'is well when the complaint is over',
      [...well, [9, { kind: 'trouble', detail: 'x' }], [10, { kind: 'trouble', detail: null }]],
      streaming,
      'up',
      'ok',
    ],
    [
      'tells a trouble until the device has proved that it works',
      [
        ...well,
        [9, { kind: 'restarted', detail: 'x' }],
        [10, { kind: 'timeout' }],
        [11, { kind: 'opened' }],
        [12, { kind: 'configured' }],
        [13, { kind: 'trouble', detail: null }],
      ],
      streaming,
      'up',
      'faulty',
    ],
    [
      'connects again after the back-off',
      [...well, [9, { kind: 'lost', detail: 'x' }], [10, { kind: 'timeout' }]],
      streaming,
      'connecting',
      'unplugged',
    ],
    [
      'ignores everything once closed',
      [...well, [9, { kind: 'close' }], [10, { kind: 'start' }]],
      streaming,
      'closed',
      'ok',
    ],
    ['ignores a time-out that nobody waits for', [...well, [9, { kind: 'timeout' }]], streaming, 'up', 'ok'],
  ])('%s', (_name, inputs, rules, phase, status) => {
    const { state } = run(inputs, rules);
    expect({ phase: state.phase, status: state.status }).toEqual({ phase, status });
  });

  it('opens, configures, drops and backs off in this order', () => {
    const { effects } = run([
      ...well,
      [9, { kind: 'lost', detail: 'x' }],
      [10, { kind: 'timeout' }],
      [11, { kind: 'close' }],
    ]);
    expect(effects).toEqual(['open', 'configure', 'drop', 'back_off', 'open', 'drop']);
  });

  it('counts failures in a row for the back-off and forgets them when it is well', () => {
    const failing = (at: number): readonly Timed[] => [
      [at, refused('missing')],
      [at + 1, { kind: 'timeout' }],
    ];
    const bad = run([[0, { kind: 'start' }], ...failing(1), ...failing(3), ...failing(5)]);
    expect(bad.state.attempt).toBe(3);
    const good = run([
      [0, { kind: 'start' }],
      ...failing(1),
      [3, { kind: 'opened' }],
      [4, { kind: 'configured' }],
      [5, { kind: 'valid', bytes: 1 }],
    ]);
    expect(good.state.attempt).toBe(0);
  });

  it('tells a warning only while all works', () => {
    const { state } = run([...well, [9, { kind: 'warning', detail: 'Antenna 3 is not sensed.' }]]);
    expect(reportOf(state)).toEqual({ status: 'ok', detail: 'Antenna 3 is not sensed.' });
    const lost = nextLink(state, { kind: 'lost', detail: 'gone' }, { at: 10, rules: streaming }).state;
    expect(reportOf(lost)).toEqual({ status: 'unplugged', detail: 'gone' });
  });
});

function refused(why: 'missing' | 'unanswered' | 'fault'): LinkInput {
  return { kind: 'refused', why, detail: 'why' };
}
