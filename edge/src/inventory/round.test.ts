import { describe, expect, it } from 'vitest';
import { nextRound, noRounds, type RoundInput } from './round.js';

const start: RoundInput = { kind: 'collection_started' };
const end: RoundInput = { kind: 'round_ended' };
const ok: RoundInput = { kind: 'reader_reported', status: 'ok' };
const away: RoundInput = { kind: 'reader_reported', status: 'unplugged' };

describe('nextRound', () => {
  it.each([
    ['the sweep in which the collection starts', [ok, start, end], 0, 1],
    ['full sweeps', [ok, start, end, end, end], 2, 1],
    ['no sweep while the reader is away', [start, end, end, end], 0, 3],
    ['not the sweep in which the reader went', [ok, start, end, away, end, end], 0, 3],
    ['not the sweep in which it came back', [ok, start, end, away, ok, end, end], 1, 2],
    ['anew for each collection', [ok, start, end, end, start, end, end], 1, 1],
  ] as const)('counts %s', (_, inputs, counted, dropped) => {
    expect(inputs.reduce(nextRound, noRounds)).toMatchObject({ counted, dropped });
  });
});
