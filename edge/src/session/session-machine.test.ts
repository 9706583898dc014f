import { describe, expect, it } from 'vitest';
import { badgeHash, indexRulebook } from '../rules/rulebook-index.js';
import {
  aBadgeNumber,
  aBook,
  anEpc,
  aPersonId,
  aRulebook,
  aSessionId,
  aSnapshot,
  sessionSettings,
} from '../testing/builders.js';
import { emptyDeskMemory } from './desk-memory.js';
import { nextSession } from './session-machine.js';
import {
  type CabinetSession,
  type SessionEffect,
  type SessionInput,
  type SessionState,
  type Surroundings,
  startingState,
} from './session-state.js';

const hashOf = (person: number) => badgeHash('0'.repeat(64), aBadgeNumber(person));
const badge = (person: number): SessionInput => ({
  kind: 'badge',
  badgeHash: hashOf(person),
  freshSession: aSessionId(person),
});
const door = (state: 'open' | 'closed' | 'unknown', number = 1): SessionInput => ({
  kind: 'door',
  door: number,
  state,
  freshSession: aSessionId(99),
});
const device = (name: 'uhf' | 'badge' | 'lock', status: 'ok' | 'unplugged'): SessionInput => ({
  kind: 'device',
  device: name,
  status,
});
const timer = (name: Extract<SessionInput, { kind: 'timer' }>['timer']): SessionInput => ({
  kind: 'timer',
  timer: name,
});
const recorded = (what: 'opened' | 'lines'): SessionInput => ({ kind: 'recorded', what });
const unlocked = (number = 1, session = 1): SessionInput => ({
  kind: 'unlock_done',
  door: number,
  session: aSessionId(session),
});
const snapshot = (fields: Parameters<typeof aSnapshot>[0]): SessionInput => ({
  kind: 'snapshot',
  snapshot: aSnapshot(fields),
});

const tools = [1, 2, 3].map(anEpc);
const around: Surroundings = {
  atMs: 1000,
  wallMs: Date.UTC(2026, 0, 5, 6),
  book: aBook({ inside: tools }),
  memory: emptyDeskMemory,
  rules: indexRulebook(aRulebook()),
  ...sessionSettings,
};

/** Feeds inputs one after the other; returns the last state and every effect, the records as kinds. */
function play(from: SessionState, inputs: readonly SessionInput[], surroundings: Surroundings = around) {
  let state = from;
  const effects: SessionEffect[] = [];
  for (const input of inputs) {
    const step = nextSession(state, input, surroundings);
    state = step.state;
    effects.push(...step.effects);
  }
  const drafts = effects.flatMap((effect) => (effect.kind === 'record' ? effect.drafts : []));
  return { state, effects, drafts, kinds: drafts.map((draft) => draft.kind) };
}

/** Devices work, doors are closed, the first inventory is done. */
function idle(doors: readonly number[] = [1]): SessionState {
  const ready = [
    device('uhf', 'ok'),
    device('lock', 'ok'),
    device('badge', 'ok'),
    ...doors.map((one) => door('closed', one)),
  ];
  return play(startingState(doors, null), [...ready, snapshot({ present: tools }), recorded('lines')]).state;
}

const unlockLost: SessionInput = { kind: 'unlock_failed', door: 1, session: aSessionId(1) };
const toOpen = [badge(1), recorded('opened'), unlocked(), door('open')];
const toCounting = [...toOpen, door('closed'), timer('settle_delay')];

describe('nextSession', () => {
  it.each([
    ['a known badge', [badge(1)], 'authorising', ['session.opened', 'badge.accepted']],
    ['the session on the disk', [badge(1), recorded('opened')], 'unlocked', ['session.opened', 'badge.accepted']],
    [
      'an unlock nobody used',
      [badge(1), recorded('opened'), unlocked(), timer('open_within'), snapshot({ present: tools }), recorded('lines')],
      'idle',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'inventory.settled', 'session.closed'],
    ],
    [
      'an unlock the board refused',
      [badge(1), recorded('opened'), unlockLost],
      'failed',
      ['session.opened', 'badge.accepted'],
    ],
    [
      'an unlock the board refused, once the contents are known to be the same',
      [badge(1), recorded('opened'), unlockLost, timer('refused'), snapshot({ present: tools }), recorded('lines')],
      'idle',
      ['session.opened', 'badge.accepted', 'inventory.settled', 'session.closed'],
    ],
    [
      'a door that opens although the board has not answered',
      [badge(1), recorded('opened'), unlockLost, door('open')],
      'open',
      ['session.opened', 'badge.accepted', 'door.opened'],
    ],
    [
      'a second try while the first one is looked at',
      [badge(1), recorded('opened'), unlockLost, badge(1), timer('refused'), snapshot({ present: tools })],
      'recording',
      ['session.opened', 'badge.accepted', 'badge.accepted', 'inventory.settled', 'session.closed'],
    ],
    ['an unknown badge', [badge(7)], 'refused', ['badge.refused']],
    ['a refusal that was read', [badge(7), timer('refused')], 'idle', ['badge.refused']],
    ['an opened door', toOpen, 'open', ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened']],
    [
      'a door quicker than the board',
      [badge(1), recorded('opened'), door('open'), unlocked()],
      'open',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened'],
    ],
    [
      'a door left open',
      [...toOpen, timer('left_open'), timer('left_open')],
      'open',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened', 'door.left_open', 'door.left_open'],
    ],
    [
      'a closed door',
      [...toOpen, door('closed')],
      'settling',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened', 'door.closed'],
    ],
    [
      'a contact that was lost for a while',
      [...toOpen, door('unknown'), door('open')],
      'open',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened'],
    ],
    [
      'the door opened again while it counts',
      [...toCounting, door('open')],
      'open',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened', 'door.closed', 'door.opened'],
    ],
    ['a door that opens by itself', [door('open')], 'open', ['session.opened', 'door.opened']],
    ['the same badge again', [badge(1), badge(1)], 'authorising', ['session.opened', 'badge.accepted']],
    [
      'another badge in between',
      [...toOpen, badge(2)],
      'open',
      ['session.opened', 'badge.accepted', 'door.unlocked', 'door.opened', 'badge.accepted'],
    ],
  ] as const)('after %s', (_, inputs, phase, kinds) => {
    const played = play(idle(), inputs);
    expect(played.state.phase.kind).toBe(phase);
    expect(played.kinds).toEqual(kinds);
  });

  it('never asks for an unlock before the session is on the disk', () => {
    const before = play(idle(), [badge(1)]).effects;
    expect(before.filter((effect) => effect.kind === 'unlock')).toEqual([]);
    expect(before).toContainEqual(expect.objectContaining({ kind: 'record', what: 'opened', urgency: 'now' }));
    const after = play(idle(), [badge(1), recorded('opened')]).effects;
    expect(after).toContainEqual({ kind: 'unlock', door: 1, expiresAtMs: 4000, session: aSessionId(1) });
  });

  it('gives the other person no part in a running session', () => {
    const played = play(idle(), [...toOpen, badge(2)]);
    expect(played.state.phase).toMatchObject({ session: { actor: aPersonId(1) } });
    expect(played.drafts.at(-1)).toEqual({
      kind: 'badge.accepted',
      actor: aPersonId(2),
      data: { badgeHash: hashOf(2) },
    });
  });

  it('starts anew when the same person badges at the receipt', () => {
    const receipt = play(idle(), [...toCounting, snapshot({ present: tools }), recorded('lines')]);
    expect(receipt.state.phase.kind).toBe('receipt');
    expect(play(receipt.state, [badge(1)]).state.phase.kind).toBe('authorising');
    expect(play(receipt.state, [{ kind: 'sign_out' }]).state.phase.kind).toBe('idle');
  });

  it('counts only when every door is closed again', () => {
    const opened = [badge(1), recorded('opened'), unlocked(1), unlocked(2), door('open', 1), door('open', 2)];
    const one = play(idle([1, 2]), [...opened, door('closed', 1)]);
    expect(one.state.phase.kind).toBe('open');
    const both = play(one.state, [door('closed', 2)]);
    expect(both.state.phase.kind).toBe('settling');
    expect(play(idle([1, 2]), opened).kinds.filter((kind) => kind === 'door.unlocked')).toHaveLength(2);
  });

  it('goes on when one of two locks opens', () => {
    const failed: SessionInput = { kind: 'unlock_failed', door: 1, session: aSessionId(1) };
    const played = play(idle([1, 2]), [badge(1), recorded('opened'), failed, unlocked(2), door('open', 2)]);
    expect(played.state.phase.kind).toBe('open');
  });

  it('books what moved after a lost answer of the board on whoever it was asked to open for', () => {
    const moved = [
      door('open'),
      door('closed'),
      timer('settle_delay'),
      snapshot({ present: tools.slice(1), absent: tools.slice(0, 1) }),
    ];
    const { drafts } = play(idle(), [badge(1), recorded('opened'), unlockLost, ...moved]);
    expect(drafts.find(({ kind }) => kind === 'asset.checked_out')).toMatchObject({
      ...{ actor: aPersonId(1), session: aSessionId(1) },
      data: { epc: tools[0], certainty: 'observed', disputed: false },
    });
  });

  it('lets in who tries again as soon as it is known that nothing moved', () => {
    const again = [badge(1), recorded('opened'), unlockLost, badge(1), timer('refused')];
    const { state } = play(idle(), [...again, snapshot({ present: tools }), recorded('lines')]);
    expect(state.phase).toMatchObject({ kind: 'authorising', session: { actor: aPersonId(1) } });
  });

  it('opens for nobody while the lock board is away', () => {
    const played = play(idle(), [device('lock', 'unplugged'), badge(1)]);
    expect(played.state.phase.kind).toBe('idle');
    expect(played.kinds).toEqual(['badge.accepted']);
    expect(played.drafts[0]).not.toHaveProperty('session');
  });

  it('unlocks at the word of the cloud for a session that nobody signed, and interrupts nobody', () => {
    const command: SessionInput = { kind: 'unlock_command', command: 'c7', freshSession: aSessionId(7) };
    const told = play(idle(), [command]);
    expect(told.effects.some((effect) => effect.kind === 'unlock')).toBe(false);
    expect(told.drafts).toEqual([
      { kind: 'session.opened', session: aSessionId(7), data: { door: 1, signed: false, command: 'c7' } },
    ]);
    const opened = play(told.state, [recorded('opened'), unlocked(1, 7), door('open'), door('closed')]);
    expect(opened.effects.filter((effect) => effect.kind === 'unlock')).toHaveLength(1);
    const counted = play(opened.state, [
      timer('settle_delay'),
      snapshot({ present: tools.slice(1), absent: [anEpc(1)] }),
    ]);
    expect(counted.drafts[0]).toMatchObject({ kind: 'asset.checked_out', data: { authority: 'unsigned' } });
    expect(counted.drafts[0]).not.toHaveProperty('actor');
    expect(play(idle(), [...toOpen, command]).state.phase).toMatchObject({ session: { id: aSessionId(1) } });
  });

  it('opens for nobody when the journal refuses, and offers to bring back', () => {
    const played = play(idle(), [badge(1), { kind: 'record_failed', what: 'opened' }]);
    expect(played.state.phase.kind).toBe('return_offer');
    expect(played.effects.some((effect) => effect.kind === 'unlock')).toBe(false);
  });

  it('shows lines only when they are on the disk, and counts again when they are not', () => {
    const counted = play(idle(), [...toCounting, snapshot({ present: tools.slice(1), absent: [anEpc(1)] })]);
    expect(counted.state.phase.kind).toBe('recording');
    const shown = play(counted.state, [recorded('lines')]);
    expect(shown.state.phase).toMatchObject({ kind: 'receipt', lines: [{ epc: anEpc(1), movement: 'taken' }] });
    const lost = play(counted.state, [{ kind: 'record_failed', what: 'lines' }]);
    expect(lost.state).toMatchObject({
      owed: { session: { id: aSessionId(1), certainty: 'window' }, waiting: true },
    });
    expect(play(lost.state, [timer('retry')]).state.phase.kind).toBe('counting');
  });

  it('says again that a door is open, after twice the time each', () => {
    const { effects } = play(idle(), [...toOpen, timer('left_open'), timer('left_open')]);
    const delays = effects.flatMap((effect) =>
      effect.kind === 'start_timer' && effect.timer === 'left_open' ? [effect.delayMs] : [],
    );
    expect(delays).toEqual([60_000, 120_000, 240_000]);
  });

  it('cuts a watch short for a badge', () => {
    const watching = play(idle(), [timer('watch')]);
    expect(watching.effects.map((effect) => effect.kind)).toEqual(['begin_count']);
    const played = play(watching.state, [badge(1)]);
    expect(played.effects[0]).toEqual({ kind: 'cancel_count' });
    expect(played.state.phase.kind).toBe('authorising');
  });

  it('writes what changed behind closed doors to nobody', () => {
    const watching = play(idle(), [timer('watch')]);
    const played = play(watching.state, [snapshot({ present: [anEpc(1), anEpc(5)], absent: [anEpc(2), anEpc(3)] })]);
    expect(played.drafts).toMatchObject([
      { kind: 'inventory.settled', data: { trigger: 'watch', missing: [anEpc(2), anEpc(3)] } },
    ]);
    expect(play(watching.state, [snapshot({ present: tools })]).drafts).toEqual([]);
  });
});

const interrupted: CabinetSession = {
  id: aSessionId(5),
  actor: aPersonId(2),
  signed: true,
  certainty: 'window',
  unwatched: true,
  closed: false,
  startedWallMs: around.wallMs - 5000,
  startedAtMs: null,
  taken: 0,
  returned: 0,
  disputed: 0,
};

describe('nextSession after a restart', () => {
  const devices = [device('uhf', 'ok'), device('lock', 'ok'), device('badge', 'ok')];

  it('attributes the difference to the session that was cut off, and disputes it: nobody watched', () => {
    const played = play(startingState([1], interrupted), [
      ...devices,
      door('closed'),
      snapshot({ present: tools.slice(0, 2), absent: [anEpc(3)] }),
      recorded('lines'),
    ]);
    expect(played.drafts).toMatchObject([
      {
        ...{ kind: 'asset.checked_out', session: aSessionId(5), actor: aPersonId(2) },
        data: { certainty: 'window', disputed: true },
      },
      { kind: 'inventory.settled', session: aSessionId(5), data: { trigger: 'start' } },
      {
        ...{ kind: 'session.closed', session: aSessionId(5) },
        data: { outcome: 'interrupted', taken: 1, disputed: 1, elapsedMs: 5000 },
      },
    ]);
    expect(played.state.phase.kind).toBe('idle');
  });

  it('disputes who brought it as well, but not what the person said that they bring', () => {
    const [said, found] = [anEpc(1), anEpc(2)];
    const out = aBook({ inside: [anEpc(3)], out: [said, found] });
    const declared = { session: aSessionId(5), actor: aPersonId(2) };
    const items = new Map([...out.items].map(([epc, item]) => [epc, epc === said ? { ...item, declared } : item]));
    const played = play(
      startingState([1], interrupted),
      [...devices, door('closed'), snapshot({ present: tools }), recorded('lines')],
      { ...around, book: { ...out, items } },
    );
    expect(played.drafts).toMatchObject([
      { kind: 'asset.returned', actor: aPersonId(2), data: { epc: said, disputed: false } },
      { kind: 'asset.returned', actor: aPersonId(2), data: { epc: found, disputed: true } },
      { kind: 'inventory.settled' },
      { kind: 'session.closed' },
    ]);
  });

  it('disputes no line that is on nobody’s name', () => {
    const { actor: _, ...nobody } = interrupted;
    const played = play(startingState([1], { ...nobody, actor: null, signed: false }), [
      ...devices,
      door('closed'),
      snapshot({ present: tools.slice(0, 2), absent: [anEpc(3)] }),
    ]);
    expect(played.drafts[0]).toMatchObject({ kind: 'asset.checked_out', data: { disputed: false } });
    expect(played.drafts[0]).not.toHaveProperty('actor');
  });

  it('goes on with that session when the door still stands open', () => {
    const played = play(startingState([1], interrupted), [...devices, door('open')]);
    expect(played.state.phase).toMatchObject({ kind: 'open', session: { id: aSessionId(5) } });
    expect(played.kinds).toEqual([]);
  });

  it('blames nobody when a door is forced after it', () => {
    const waiting = play(startingState([1], interrupted), [device('lock', 'ok'), door('closed'), door('open')]);
    expect(waiting.kinds).toEqual(['session.closed', 'session.opened', 'door.opened']);
    expect(waiting.state.phase).toMatchObject({ kind: 'open', session: { actor: null } });
  });

  it('lets nobody in before the inventory that is owed', () => {
    const played = play(startingState([1], interrupted), [...devices, badge(1)]);
    expect(played.effects.some((effect) => effect.kind === 'unlock')).toBe(false);
  });
});
