import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badgePresentationRules, hearBadge, noBadge } from './badge-presentation.js';

type Frame = readonly [at: number, number: string];

function presentedIn(frames: readonly Frame[]): readonly [number, string][] {
  let state = noBadge;
  const presented: [number, string][] = [];
  for (const [at, number] of frames) {
    const step = hearBadge(state, number, at);
    state = step.state;
    if (step.presented !== null) presented.push([at, step.presented]);
  }
  return presented;
}

describe('hearBadge', () => {
  it.each<[string, readonly Frame[], readonly [number, string][]]>([
    ['ignores a single frame', [[0, 'A']], []],
    [
      'takes two frames just within the time',
      [
        [0, 'A'],
        [300, 'A'],
      ],
      [[300, 'A']],
    ],
    [
      'ignores two frames just too far apart',
      [
        [0, 'A'],
        [301, 'A'],
      ],
      [],
    ],
    [
      'takes the third when the first was too early',
      [
        [0, 'A'],
        [301, 'A'],
        [366, 'A'],
      ],
      [[366, 'A']],
    ],
    [
      'ignores two different frames',
      [
        [0, 'A'],
        [65, 'B'],
        [130, 'A'],
        [195, 'B'],
      ],
      [],
    ],
    [
      'stays quiet while it is held',
      [
        [0, 'A'],
        [65, 'A'],
        [365, 'A'],
        [665, 'A'],
      ],
      [[65, 'A']],
    ],
    [
      'takes it again when it was away',
      [
        [0, 'A'],
        [65, 'A'],
        [366, 'A'],
        [431, 'A'],
      ],
      [
        [65, 'A'],
        [431, 'A'],
      ],
    ],
    [
      'takes another badge at once',
      [
        [0, 'A'],
        [65, 'A'],
        [130, 'B'],
        [195, 'B'],
      ],
      [
        [65, 'A'],
        [195, 'B'],
      ],
    ],
  ])('%s', (_name, frames, presented) => {
    expect(presentedIn(frames)).toEqual(presented);
  });

  it('presents only what was heard twice within the time', () => {
    const frame = fc.tuple(fc.nat(500), fc.constantFrom('A', 'B', 'C'));
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), (gaps) => {
        let at = 0;
        const frames = gaps.map(([gap, number]): Frame => {
          at += gap;
          return [at, number];
        });
        for (const [when, number] of presentedIn(frames)) {
          const heard = frames.filter(
            ([time, other]) =>
              other === number && time <= when && when - time <= badgePresentationRules.confirmWithinMs,
          );
          expect(heard.length).toBeGreaterThanOrEqual(2);
        }
      }),
    );
  });
});
