import type { KioskDesk, KioskDispute } from '@tagtrail/shared/kiosk/kiosk-desk.js';
import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createKioskClient } from './kiosk-client.js';
import { noDesk } from './kiosk-context.js';
import { soundOf } from './kiosk-sound.js';

const now = '2026-11-22T06:12:00.000Z';
const idle: KioskState = {
  cabinet: 'B2',
  site: 'Hangar',
  language: 'en',
  now,
  phase: 'idle',
  person: null,
  refusal: null,
  lines: [],
  holding: [],
  reading: null,
  missing: [],
  leavesAt: null,
  offlineSince: null,
  pending: 0,
  rulebookIssuedAt: now,
  faults: [],
};
const ana = { displayName: 'Ana' };
const line: KioskState['lines'][number] = {
  epc: 'E280',
  name: 'torque wrench 7',
  movement: 'taken',
  disputed: false,
  authority: 'allowed',
  reason: null,
  takenBy: null,
};

describe('soundOf', () => {
  const open: KioskState = { ...idle, phase: 'open', person: ana };
  const withDesk = (state: KioskState, desk: Partial<KioskDesk>): KioskState => ({
    ...state,
    desk: { ...noDesk(), ...desk },
  });
  const dispute = (stage: KioskDispute['stage']): KioskDispute => ({
    epc: 'E28011700000020A00001EF7',
    name: 'mirror 3',
    movement: 'taken',
    stage,
  });
  const receipt: KioskState = { ...idle, phase: 'receipt', person: ana, lines: [line] };
  it.each([
    ['a badge that opens', idle, { ...idle, phase: 'unlocked', person: ana }, 'accepted'],
    ['a badge that does not', idle, { ...idle, phase: 'refused', refusal: 'lost' }, 'refused'],
    ['a door without a badge', idle, { ...idle, phase: 'open' }, 'attention'],
    ['a door with a badge', idle, { ...idle, phase: 'open', person: ana }, null],
    ['a good receipt', idle, receipt, 'accepted'],
    ['a receipt with doubt', idle, { ...receipt, lines: [{ ...line, disputed: true }] }, 'attention'],
    ['a forbidden tool', idle, { ...receipt, lines: [{ ...line, authority: 'forbidden' }] }, 'attention'],
    [
      'a forbidden tool that comes back',
      idle,
      { ...receipt, lines: [{ ...line, movement: 'returned', authority: 'forbidden' }] },
      'accepted',
    ],
    ['the same phase again', receipt, receipt, null],
    ['a forbidden grip in an open door', open, withDesk(open, { alarm: true }), 'attention'],
    ['an alarm that goes on', withDesk(open, { alarm: true }), withDesk(open, { alarm: true }), null],
    ['a door left open', open, { ...open, doorLeftOpen: true }, 'attention'],
    ['a second badge asked for', idle, { ...idle, phase: 'witness', person: ana }, 'attention'],
    ['a line that was wrong', receipt, withDesk(receipt, { dispute: dispute('corrected') }), 'accepted'],
    ['a line that stays in doubt', receipt, withDesk(receipt, { dispute: dispute('stays_disputed') }), 'attention'],
    ['a line that is being read again', receipt, withDesk(receipt, { dispute: dispute('reading') }), null],
    ['the first state', null, receipt, null],
  ] as const)('gives for %s: %#', (_what, before, after, sound) => {
    expect(soundOf(before as KioskState | null, after as KioskState)).toBe(sound);
  });
});

describe('createKioskClient', () => {
  it('takes states from the stream, notices a dead agent, and opens the stream anew when it is back', async () => {
    const clock = new VirtualClock();
    let alive = true;
    const streams: ((event: { data: string }) => void)[] = [];
    const client = createKioskClient({
      clock,
      fetch: async () => {
        if (!alive) throw new TypeError('refused');
        return Response.json(idle);
      },
      openStream: () => ({
        addEventListener: (_name: string, hear: unknown) =>
          void streams.push(hear as (event: { data: string }) => void),
        close: () => {},
      }),
    });
    const stop = client.subscribe(() => {});
    await clock.advance(1);
    streams[0]?.({ data: JSON.stringify({ ...idle, phase: 'unlocked' }) });
    expect(client.get().state?.phase).toBe('unlocked');
    streams[0]?.({ data: '{"half' });
    expect(client.get()).toMatchObject({ reachable: true, state: { phase: 'unlocked' } });
    alive = false;
    await clock.advance(5_000);
    expect(client.get()).toMatchObject({ reachable: false, state: { phase: 'unlocked' } });
    alive = true;
    await clock.advance(5_000);
    expect(client.get()).toMatchObject({ reachable: true, state: { phase: 'idle' } });
    expect(streams).toHaveLength(2);
    stop();
  });

  it('brings the answer of an action, its refusal, and the silence of a dead agent as values', async () => {
    const clock = new VirtualClock();
    const answers: (() => Response)[] = [
      () => Response.json({ ok: true }),
      () => Response.json({ ok: false, code: 'not_your_item' }, { status: 409 }),
      () => Response.json({ ok: true, items: [] }),
      () => new Response('<html>', { status: 502 }),
    ];
    const asked: string[] = [];
    const client = createKioskClient({
      clock,
      fetch: async (url, init) => {
        if (init?.method !== 'POST') return Response.json(idle);
        asked.push(`${url} ${init.body}`);
        return answers.shift()?.() ?? Response.error();
      },
      openStream: () => ({ addEventListener: () => {}, close: () => {} }),
    });
    expect(await client.act('dispute', { epc: 'E280' })).toEqual({ ok: true, value: null });
    expect(await client.act('dispute', { epc: 'E280' })).toEqual({ ok: false, code: 'not_your_item' });
    expect(await client.find('torque')).toEqual({ ok: true, value: [] });
    expect(await client.find('torque')).toEqual({ ok: false, code: 'unreachable' });
    expect(asked[0]).toBe('/api/dispute {"epc":"E280"}');
  });
});
