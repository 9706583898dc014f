import { createHash } from 'node:crypto';
import { newSalt, nodeHashing } from '@tagtrail/cloud/store/hashing.js';
import type { Json } from '@tagtrail/shared/chain/canonical.js';
import { chainGenesis, nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { sealEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { createFrontier } from '@tagtrail/shared/proof/merkle.js';
import { describe, expect, it } from 'vitest';
import { violationsOf } from './all-checkers.js';
import { clockIndependence } from './clock-independence.js';
import type { AuditRecord, RunRecord } from './run-record.js';

const sha256 = (data: Uint8Array): Uint8Array => createHash('sha256').update(data).digest();
const log = 'a'.repeat(32);
const ana = 'person_ana';
const ben = 'person_ben';

const line = (seq: number, kind: string, actor: string | undefined, epc = 'E1') => ({
  ...{ seq, kind, boot: '0'.repeat(16), mono: seq, ...(actor === undefined ? {} : { actor }) },
  data: { epc, disputed: false, certainty: 'observed' },
});

/** The audit log over events that stand in the trail: their leaves, a checkpoint after each, and a cabinet that holds the first. */
function auditOf(events: readonly { seq: number; actor?: string; kind: string; data: object }[]): AuditRecord {
  const nowhere = {
    site: null,
    cabinet: 'c',
    asset: null,
    session: null,
    order: null,
    counterpart: null,
    origin: null,
  };
  const at = '2026-01-05T06:00:00.000Z';
  const lines = events.map(({ seq, actor = null, kind, data }, index) => {
    const place = { tenant: 't', index, recordedAt: at, occurredAt: at, effectiveAt: at, logId: log, seq, chain: 'c' };
    const what = { kind, category: 'custody', source: 'cabinet', status: 'accepted', actor, data: { ...data } };
    const line = { ...nowhere, ...place, ...what };
    const { leaf, ...opens } = sealEntry(nodeHashing, line, newSalt);
    return { line: { ...line, ...opens }, leaf };
  });
  const frontier = createFrontier(nodeHashing);
  const checkpoints = lines.map(({ leaf }) => {
    frontier.push(leaf);
    return { size: frontier.size, root: frontier.root() };
  });
  return { lines, checkpoints, copies: checkpoints.slice(0, 1), refusedCosignatures: 0 };
}

/** Ana takes a tool, Ben brings it back; all of it has arrived. */
function goodRun(): RunRecord {
  const events = [line(1, 'asset.checked_out', ana), line(2, 'asset.returned', ben)];
  let chain = chainGenesis;
  const committed = events.map((event, index) => {
    chain = nextChain(sha256, chain, event as unknown as Json);
    return {
      tenant: 't',
      index: index + 1,
      logId: log,
      seq: event.seq,
      chain,
      assetId: 'tw-01',
      status: 'accepted' as const,
      event,
    };
  });
  const move = { epc: 'E1', blind: false };
  return {
    ...{ tenant: 't', committed, delivered: true, quarantined: [], visits: [], peaks: { diskBytes: 1, pending: 1 } },
    audit: auditOf(events),
    subjects: [{ name: 'ana', trace: ana }],
    streams: [{ logId: log, nextSeq: 3, chain }],
    journal: { logId: log, trimmed: 0, events, acknowledged: 2, last: 2, chain },
    accepted: events.map(({ seq, kind }) => ({ logId: log, seq, kind })),
    answers: [{ logId: log, upTo: 2, committed: 2 }],
    covered: new Set(),
    moves: [
      { ...move, kind: 'take', atMs: 1, person: 'ana' },
      { ...move, kind: 'return', atMs: 2, person: 'ben' },
    ],
    tools: [
      {
        name: 'TW-01',
        epc: 'E1',
        inside: true,
        listed: 'present',
        custody: { state: 'in', holder: null, disputed: false },
      },
    ],
    looks: [1, 2].map((index) => ({ trail: 0, newest: new Map([['tw-01', index]]), holes: 0, truncated: false })),
    people: new Map([
      ['ana', ana],
      ['ben', ben],
    ]),
  };
}

function withAudit(run: RunRecord, change: (audit: AuditRecord) => Partial<AuditRecord>): RunRecord {
  return { ...run, audit: { ...run.audit, ...change(run.audit) } };
}

/** A log that was written anew, with the second line only. */
const anotherLog = (): AuditRecord => auditOf([line(2, 'asset.returned', ben)]);

/** The same run with something wrong planted into it. */
const planted: readonly (readonly [id: string, what: string, plant: (run: RunRecord) => RunRecord])[] = [
  [
    'I1',
    'a recorded event that the disk has lost and the journal declares lost',
    (run) => ({
      ...run,
      journal: {
        ...run.journal,
        events: [{ ...line(1, 'journal.damaged', undefined), data: { fromSeq: 2, toSeq: 2 } }],
      },
    }),
  ],
  ['I1', 'an event that never arrived', (run) => ({ ...run, committed: run.committed.slice(0, 1) })],
  [
    'I2',
    'an event that was committed twice',
    (run) => ({ ...run, committed: [...run.committed, ...run.committed.slice(1)] }),
  ],
  ['I3', 'a gap', (run) => ({ ...run, committed: run.committed.slice(1) })],
  [
    'I13',
    'a screen that shows an older line after a newer one',
    (run) => ({ ...run, looks: [...run.looks].reverse() }),
  ],
  ['I13', 'a screen that ends before the trail does', (run) => ({ ...run, looks: run.looks.slice(0, 1) })],
  [
    'I13',
    'a hole that stays on the screen',
    (run) => ({ ...run, looks: run.looks.map((look) => ({ ...look, holes: 1 })) }),
  ],
  [
    'I13',
    'an asset that vanishes from the screen and comes back',
    (run) => ({ ...run, looks: run.looks.flatMap((look) => [look, { ...look, newest: new Map() }, look]) }),
  ],
  ['I4', 'a wrong name', (run) => ({ ...run, moves: run.moves.map((move) => ({ ...move, person: 'ben' })) })],
  [
    'I4',
    "another's name on a visit that the agent did not see",
    (run) => ({ ...run, moves: run.moves.map((move) => ({ ...move, person: 'ben', blind: true })) }),
  ],
  [
    'I4',
    'a name on what nobody signed for',
    (run) => ({ ...run, moves: run.moves.map((move) => ({ ...move, person: null })) }),
  ],
  ['I4', 'a take that never happened', (run) => ({ ...run, moves: [] })],
  [
    'I5',
    'an event altered after it was stored',
    (run) => ({
      ...run,
      committed: run.committed.map((entry) => ({ ...entry, event: { ...entry.event, mono: 99 } })),
    }),
  ],
  [
    'I6',
    'a tool that is gone and told to be in',
    (run) => ({ ...run, tools: run.tools.map((tool) => ({ ...tool, inside: false })) }),
  ],
  [
    'I7',
    'an acknowledgement before the commit',
    (run) => ({ ...run, answers: [{ logId: log, upTo: 2, committed: 1 }] }),
  ],
  ['I7', 'a journal that lets go what nobody has', (run) => ({ ...run, journal: { ...run.journal, trimmed: 3 } })],
  ['I7', 'a cabinet that believes too much', (run) => ({ ...run, answers: [{ logId: log, upTo: 1, committed: 1 }] })],
  ['I8', 'an event without a leaf', (run) => withAudit(run, ({ lines }) => ({ lines: lines.slice(1) }))],
  ['I8', 'two leaves in the wrong order', (run) => withAudit(run, ({ lines }) => ({ lines: [...lines].reverse() }))],
  [
    'I8',
    'a line that was altered after it was sealed',
    (run) =>
      withAudit(run, ({ lines }) => ({
        lines: lines.map((one) => ({ ...one, line: { ...one.line, kind: 'asset.returned' } })),
      })),
  ],
  [
    'I8',
    'a checkpoint over other leaves',
    (run) =>
      withAudit(run, ({ checkpoints }) => ({ checkpoints: [...anotherLog().checkpoints, ...checkpoints.slice(1)] })),
  ],
  [
    'I8',
    'a checkpoint that was taken back',
    (run) => withAudit(run, ({ checkpoints }) => ({ checkpoints: [...checkpoints].reverse() })),
  ],
  [
    'I8',
    'a log that does not continue what a cabinet cosigned',
    (run) => withAudit(run, () => ({ copies: anotherLog().checkpoints })),
  ],
  ['I8', 'a cosignature that is not the cabinet’s', (run) => withAudit(run, () => ({ refusedCosignatures: 1 }))],
  [
    'I10',
    'a person in a field that nobody takes out',
    (run) => ({
      ...run,
      audit: auditOf([line(1, 'asset.checked_out', ana), { ...line(2, 'asset.returned', ben), data: { epc: ana } }]),
    }),
  ],
  [
    'I10',
    'a leaf that covers a person without a commitment',
    (run) =>
      withAudit(run, ({ lines }) => ({
        lines: lines.map((one) => ({ ...one, line: { ...one.line, commitments: {} } })),
      })),
  ],
  [
    'I9',
    "another customer's entry",
    (run) => ({ ...run, committed: run.committed.map((entry) => ({ ...entry, tenant: 'other' })) }),
  ],
  ['I11', 'something that still waits', (run) => ({ ...run, delivered: false })],
  ['I12', 'a disk that fills', (run) => ({ ...run, peaks: { ...run.peaks, diskBytes: 1e9 } })],
  [
    'I15',
    'an event that the cabinet never recorded',
    (run) => ({ ...run, journal: { ...run.journal, events: run.journal.events.slice(0, 1) } }),
  ],
];

describe('the checkers', () => {
  it('have nothing to say about a good run', () => expect(violationsOf(goodRun())).toEqual([]));

  it.each(planted)('%s catches %s', (id, _what, plant) => {
    const ids = violationsOf(plant(goodRun())).map((violation) => violation.split(' ')[0]);
    expect(ids).toContain(id);
  });

  it('I4 excuses a denied line for a tool under metal, and for no other', () => {
    const wrong = (denied: string, covered: readonly string[]): readonly string[] => {
      const run = goodRun();
      const event = line(3, 'asset.disputed', ana, denied);
      const [of] = run.committed;
      const denial = { ...(of as RunRecord['committed'][number]), index: 3, seq: 3, chain: '', event };
      const committed = [...run.committed, denial];
      const took = { ...run, moves: run.moves.slice(1), committed, covered: new Set(covered) };
      return violationsOf(took).filter((violation) => violation.startsWith('I4'));
    };
    expect(wrong('E1', ['E1'])).toEqual([]);
    expect(wrong('E1', [])).not.toEqual([]);
    expect(wrong('E2', ['E1', 'E2'])).not.toEqual([]);
  });

  it('I4 does not take an interruption for an excuse', () => {
    const run = goodRun();
    const moves = run.moves.map((move) => ({ ...move, person: null, blind: true }));
    const committed = run.committed.map((entry) => {
      const data = entry.event.data as object;
      return { ...entry, event: { ...entry.event, data: { ...data, certainty: 'window' } } };
    });
    const broken = violationsOf({ ...run, moves, committed }).filter((violation) => violation.startsWith('I4'));
    expect(broken).toHaveLength(2);
  });

  it('I14 catches an order, a name and a line that depend on the wall clock', () => {
    const run = goodRun();
    const having = (events: RunRecord['journal']['events']): RunRecord => ({
      ...run,
      journal: { ...run.journal, events },
    });
    const { events } = run.journal;
    expect(clockIndependence.compare(run, having(events))).toEqual([]);
    for (const other of [[...events].reverse(), events.slice(1), events.map((event) => ({ ...event, actor: ben }))]) {
      expect(clockIndependence.compare(run, having(other))).not.toEqual([]);
    }
  });
});
