import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { describe, expect, it } from 'vitest';
import { type Deed, judgeSession } from './consensus-oracle.js';

const session = idFromUuid('session', '019a0000-0005-7000-8000-000000000001');
const ada = idFromUuid('person', '019a0000-0001-7000-8000-000000000001');
const ben = idFromUuid('person', '019a0000-0001-7000-8000-000000000002');
const asset = idFromUuid('asset', '019a0000-0002-7000-8000-000000000001');
const stamp = { seq: 1, at: '2026-01-05T06:00:00.000Z', mono: 0, boot: '0011223344556677', session };

function checkedOut(
  epc: string,
  fields: { readonly actor?: typeof ada; readonly disputed?: boolean } = {},
): TraceEvent {
  const evidence = { reads: 0, rounds: 9, antennas: [], bestRssiDbm: null };
  return {
    ...{ ...stamp, kind: 'asset.checked_out', actor: fields.actor ?? ada, asset },
    data: {
      ...{ epc, name: 'wrench', confidencePct: 99, disputed: fields.disputed ?? false, certainty: 'observed' },
      ...{ evidence, authority: 'allowed', reason: null },
    },
  };
}

const settled = (doubtful: readonly string[]): TraceEvent => ({
  ...stamp,
  kind: 'inventory.settled',
  data: {
    trigger: 'session',
    present: [],
    doubtful: [...doubtful],
    missing: [],
    rounds: 9,
    reads: 99,
    elapsedMs: 2000,
  },
});

const deed = (taken: readonly string[]): Deed => ({ person: ada, taken: new Set(taken), returned: new Set() });

describe('judgeSession', () => {
  it.each([
    ['a true line', deed(['A']), [checkedOut('A'), settled([])], { lines: 1, disputed: 0, wrong: 0 }],
    ['a false line', deed([]), [checkedOut('A'), settled([])], { lines: 1, disputed: 0, wrong: 1 }],
    [
      'a true line on another name',
      deed(['A']),
      [checkedOut('A', { actor: ben }), settled([])],
      { lines: 1, disputed: 0, wrong: 1 },
    ],
    [
      'a false line that is disputed',
      deed([]),
      [checkedOut('A', { disputed: true }), settled([])],
      { lines: 1, disputed: 1, wrong: 0 },
    ],
    ['a movement without a line', deed(['A']), [settled([])], { lines: 1, disputed: 0, wrong: 1 }],
    ['a movement in doubt', deed(['A']), [settled(['A'])], { lines: 1, disputed: 1, wrong: 0 }],
    ['a session that was not settled', deed(['A']), [], { lines: 1, disputed: 1, wrong: 0 }],
    ['nothing for nothing', deed([]), [settled([])], { lines: 0, disputed: 0, wrong: 0 }],
  ] as const)('counts %s', (_, what, events, expected) => {
    const { lines, disputed, wrong } = judgeSession(session, what, events);
    expect({ lines, disputed: disputed.length, wrong: wrong.length }).toEqual(expected);
  });
});
