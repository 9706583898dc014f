import type { PersonId } from '@tagtrail/shared/ids.js';
import { type Grant, type Rulebook, rulebook } from '@tagtrail/shared/rules/rulebook.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badgeHash, indexRulebook } from '../rules/rulebook-index.js';
import {
  aBadgeNumber,
  aBook,
  anAssetId,
  anEpc,
  anItem,
  aPerson,
  aPersonId,
  aRulebook,
  aSessionId,
  aSnapshot,
  sessionSettings,
} from '../testing/builders.js';
import { type DeskMemory, emptyDeskMemory } from './desk-memory.js';
import { nextSession } from './session-machine.js';
import {
  type CabinetSession,
  type SessionInput,
  type SessionState,
  type Surroundings,
  startingState,
} from './session-state.js';

const past = '2020-01-01T00:00:00.000Z';
const future = '2030-01-01T00:00:00.000Z';
const groups = ['engines', 'avionics'];

const person = fc.record({
  status: fc.constantFrom('active' as const, 'suspended' as const),
  validUntil: fc.constantFrom(null, past, future),
  groups: fc.subarray(groups),
  licences: fc.subarray([
    { name: 'torque', validUntil: past },
    { name: 'borescope', validUntil: null },
  ]),
});
const item = fc.record({
  home: fc.boolean(),
  status: fc.constantFrom('available' as const, 'quarantine' as const, 'retired' as const),
  calibrationDueAt: fc.constantFrom(null, past),
  groups: fc.subarray([...groups, 'hydraulics']),
  licences: fc.subarray(['torque', 'borescope', 'nobody has it']),
  twoPerson: fc.boolean(),
  inspectedAt: fc.constantFrom(null, past),
  heldBy: fc.constantFrom(null, { person: aPersonId(8), name: null, since: '2026-01-01T00:00:00.000Z' }),
});
const window = { days: [7], from: '00:00', to: '00:01' };
const grant: fc.Arbitrary<Grant> = fc.record({
  effect: fc.constantFrom('allow' as const, 'deny' as const),
  to: fc.constantFrom({ person: aPersonId(1) }, { person: aPersonId(2) }, { group: 'engines' }),
  assets: fc.constantFrom(null, [anAssetId(1)]),
  validUntil: fc.constantFrom(null, past, future),
  note: fc.constantFrom(null, 'no'),
  windows: fc.constantFrom([window], [{ ...window, to: '23:59', days: [1, 2, 3, 4, 5, 6, 7] }]),
});
const rules = fc.record({
  who: person,
  what: item,
  grants: fc.array(grant, { maxLength: 3 }),
  twoPersonToOpen: fc.boolean(),
  badge: fc.constantFrom('active' as const, 'lost' as const, 'revoked' as const),
});
const memory: fc.Arbitrary<DeskMemory> = fc
  .record({
    reported: fc.boolean(),
    searched: fc.boolean(),
    locked: fc.boolean(),
  })
  .map(({ reported, searched, locked }) => ({
    ...emptyDeskMemory,
    reported: new Map(reported ? [[anEpc(1), { what: 'broken' as const, at: '2026-01-01T00:00:00.000Z' }]] : []),
    searches: new Map(
      searched ? [[anEpc(1), { name: 'Tool 1', startedAt: past, lastHolder: null, lastReadAt: null }]] : [],
    ),
    pins: new Map(locked ? [['', { wrong: 20, lock: { atWallMs: 0, mono: 0, boot: '', forMs: 1e12 } }]] : []),
  }));
const where = fc.constantFrom('out', 'missing', 'nowhere');

type Rules = typeof rules extends fc.Arbitrary<infer R> ? R : never;

function surroundings(made: Rules, remembered: DeskMemory, place: string): Surroundings {
  const base = aRulebook({ people: [aPerson(1, made.who), aPerson(2)], items: [anItem(1, made.what), anItem(2)] });
  const book: Rulebook = rulebook.parse({
    ...base,
    grants: made.grants,
    twoPersonToOpen: made.twoPersonToOpen,
    badges: base.badges.map((badge, index) => (index === 0 ? { ...badge, status: made.badge } : badge)),
  });
  const out = place === 'out' ? [anEpc(1)] : [];
  const missing = place === 'missing' ? [anEpc(1)] : [];
  return {
    atMs: 1000,
    wallMs: Date.UTC(2026, 0, 5, 6),
    book: aBook({ inside: [anEpc(2)], out, missing }),
    memory: remembered,
    rules: indexRulebook(book),
    ...sessionSettings,
  };
}

function play(from: SessionState, inputs: readonly SessionInput[], around: Surroundings) {
  let state = from;
  const drafts = [];
  let unlocks = 0;
  for (const input of inputs) {
    const step = nextSession(state, input, around);
    state = step.state;
    for (const effect of step.effects) {
      if (effect.kind === 'record') drafts.push(...effect.drafts);
      if (effect.kind === 'unlock') unlocks += 1;
    }
  }
  return { state, drafts, unlocks };
}

const devices: readonly SessionInput[] = [
  { kind: 'device', device: 'uhf', status: 'ok' },
  { kind: 'device', device: 'lock', status: 'ok' },
  { kind: 'device', device: 'badge', status: 'ok' },
];
const door = (state: 'open' | 'closed' | 'unknown'): SessionInput => ({
  kind: 'door',
  door: 1,
  state,
  freshSession: aSessionId(99),
});
const inside = (epcs: readonly string[]): SessionInput => ({
  kind: 'snapshot',
  snapshot: aSnapshot({ present: epcs }),
});
const timers = [
  'open_within',
  'left_open',
  'settle_delay',
  'receipt',
  'refused',
  'watch',
  'retry',
  'witness',
  'hand_over',
  'return_offer',
];
const desk = (action: Extract<SessionInput, { kind: 'desk' }>['action']): SessionInput => ({ kind: 'desk', action });

/** Anything that can happen at a cabinet, in any order. */
const anything: fc.Arbitrary<SessionInput> = fc.oneof(
  fc.constantFrom(...devices, door('open'), door('closed'), door('unknown')),
  fc.constantFrom(1, 2, 3).map((number): SessionInput => {
    const hash = badgeHash('0'.repeat(64), aBadgeNumber(number));
    return { kind: 'badge', badgeHash: hash, freshSession: aSessionId(number) };
  }),
  fc.boolean().map((matches): SessionInput => ({ kind: 'pin', numberHash: '', matches, freshSession: aSessionId(4) })),
  fc
    .constantFrom('opened' as const, 'lines' as const, 'note' as const, 'handed_over' as const)
    .chain((what) => fc.constantFrom<SessionInput>({ kind: 'recorded', what }, { kind: 'record_failed', what })),
  fc.constantFrom(...timers).map((timer) => ({ kind: 'timer', timer }) as SessionInput),
  fc.constantFrom<SessionInput>(
    { kind: 'sign_out' },
    { kind: 'count_now' },
    { kind: 'device', device: 'uhf', status: 'unplugged' },
    { kind: 'device', device: 'uhf', status: 'faulty' },
    { kind: 'device', device: 'uhf', status: 'garbled' },
    { kind: 'device', device: 'badge', status: 'silent' },
    { kind: 'snapshot', snapshot: aSnapshot({ complete: false }) },
    { kind: 'unlock_done', door: 1, session: aSessionId(1) },
    { kind: 'unlock_failed', door: 1, session: aSessionId(1) },
    inside([anEpc(2)]),
    inside([]),
    desk({ name: 'order', order: null }),
    desk({ name: 'dispute', epc: anEpc(2) }),
    desk({ name: 'report', epc: anEpc(1), what: 'broken', note: null }),
    desk({ name: 'hand_over', epcs: [anEpc(1)] }),
    desk({ name: 'hand_over', epcs: [] }),
    desk({ name: 'shift_end', decisions: [] }),
    desk({ name: 'return_only', epcs: [] }),
    desk({ name: 'return_only', epcs: [anEpc(1)] }),
  ),
);

describe('a return', () => {
  const session = fc.record({
    actor: fc.constantFrom<PersonId | null>(null, aPersonId(1), aPersonId(77)),
    certainty: fc.constantFrom('observed' as const, 'window' as const),
    closed: fc.boolean(),
    unopened: fc.boolean(),
  });
  const running: CabinetSession = {
    id: aSessionId(5),
    actor: null,
    signed: true,
    certainty: 'window',
    closed: false,
    startedWallMs: 0,
    startedAtMs: null,
    taken: 0,
    returned: 0,
    disputed: 0,
  };

  it('is always a line, whoever brings it and whatever the rules say', () => {
    fc.assert(
      fc.property(rules, memory, session, where, (made, remembered, how, place) => {
        const around = surroundings(made, remembered, place);
        const begun = play(startingState([1], null), [...devices, door('closed')], around).state;
        const counted: CabinetSession = { ...running, ...how, signed: how.actor !== null };
        const phase = { kind: 'counting', session: counted, trigger: 'session', rounds: 5, seen: 1 } as const;
        const { drafts } = play({ ...begun, phase }, [inside([anEpc(1), anEpc(2)])], around);
        const lines = drafts.filter((draft) => draft.kind === 'asset.returned');
        expect(lines).toHaveLength(1);
        // What nobody saw leave may have lain there unread.
        const disputed = place === 'missing';
        expect(lines[0]).toMatchObject({ asset: anAssetId(1), data: { epc: anEpc(1), disputed } });
        expect(lines[0]?.actor ?? null).toBe(how.actor);
        expect(drafts.some(({ kind }) => kind === 'asset.checked_out' || kind === 'take.forbidden')).toBe(false);
      }),
    );
  });

  it('is a line after anything that may have happened before the door opened', () => {
    fc.assert(
      fc.property(rules, memory, where, fc.array(anything, { maxLength: 25 }), (made, remembered, place, before) => {
        const around = surroundings(made, remembered, place);
        const from = play(startingState([1], null), [...devices, door('closed'), ...before], around).state;
        const back: readonly SessionInput[] = [
          ...devices,
          door('closed'),
          door('open'),
          door('closed'),
          { kind: 'timer', timer: 'settle_delay' },
        ];
        const closed = play(from, back, around);
        expect(closed.state.phase.kind).toBe('counting');
        const { drafts } = play(closed.state, [inside([anEpc(1), anEpc(2)])], around);
        expect(drafts.filter(({ kind }) => kind === 'asset.returned')).toMatchObject([{ data: { epc: anEpc(1) } }]);
      }),
      { numRuns: 1000 },
    );
  });

  it('opens the cabinet whatever is broken, as long as the lock works and the badge says who it is', () => {
    const broken = fc.constantFrom(
      ...(['ok', 'unplugged', 'silent', 'garbled', 'faulty'] as const).map(
        (status): SessionInput => ({ kind: 'device', device: 'uhf', status }),
      ),
    );
    const known = rules.filter(({ badge }) => badge === 'active');
    fc.assert(
      fc.property(known, broken, fc.array(anything, { maxLength: 25 }), (made, reader, before) => {
        const around = surroundings(made, emptyDeskMemory, 'out');
        const from = play(startingState([1], null), [...devices, door('closed'), ...before, reader], around).state;
        const calm = play(from, comeToRest(reader), around).state;
        expect(['idle', 'failed']).toContain(calm.phase.kind);
        const hash = badgeHash('0'.repeat(64), aBadgeNumber(1));
        const here: SessionInput = { kind: 'badge', badgeHash: hash, freshSession: aSessionId(7) };
        const { state, unlocks } = play(
          calm,
          [here, desk({ name: 'return_only', epcs: [] }), { kind: 'recorded', what: 'opened' }],
          around,
        );
        expect(state.phase).toMatchObject({ kind: 'unlocked', session: { id: aSessionId(7), actor: aPersonId(1) } });
        expect(unlocks).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Nobody does anything for a while: what runs runs out, and what is owed is counted as far as the reader can. */
function comeToRest(reader: SessionInput): readonly SessionInput[] {
  const count: SessionInput = {
    kind: 'snapshot',
    snapshot: aSnapshot({ present: [anEpc(2)], complete: 'status' in reader && reader.status === 'ok' }),
  };
  const settled: readonly SessionInput[] = [count, { kind: 'recorded', what: 'lines' }];
  const over = ['open_within', 'settle_delay', 'receipt', 'refused', 'witness', 'hand_over', 'return_offer'];
  const timeouts = over.map((timer) => ({ kind: 'timer', timer }) as SessionInput);
  return [
    ...devices.slice(1),
    ...[door('open'), door('closed')],
    ...[{ kind: 'recorded', what: 'opened' } as const, ...timeouts, ...settled, ...timeouts, ...settled, ...timeouts],
  ];
}
