// @vitest-environment jsdom

import { refusal } from '@tagtrail/shared/events/trace-event.js';
import { type KioskState, kioskPhase } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { cleanup, render, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { createText, type TextLanguage } from '../text/text.js';
import { createKioskClient } from './kiosk-client.js';
import { KioskScreen } from './kiosk-screen.js';
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

function show(state: KioskState, language: TextLanguage = 'en', reachable = true) {
  return render(
    <I18nextProvider i18n={createText(language)}>
      <KioskScreen
        state={state}
        reachable={reachable}
        nowMs={Date.parse(now)}
        phaseMs={2300}
        onSignOut={() => {}}
        onLanguage={() => {}}
      />
    </I18nextProvider>,
  ).container;
}
afterEach(cleanup);

describe('KioskScreen', () => {
  it.each(kioskPhase.options)('has words for %s in both languages', (phase) => {
    const english = show({ ...idle, phase }).textContent;
    cleanup();
    const french = show({ ...idle, phase }, 'fr').textContent;
    expect(english).not.toMatch(/kiosk\./);
    expect(english).not.toBe(french);
  });

  it.each(refusal.options)('says plainly why a badge is refused: %s', (why) => {
    const text = show({ ...idle, phase: 'refused', refusal: why }).textContent ?? '';
    expect(text).toMatch(/This badge does not open.+\..+tool store/);
    expect(text).not.toContain('kiosk.');
  });

  it('greets by first name and counts while reading', () => {
    expect(show({ ...idle, phase: 'unlocked', person: ana }).textContent).toContain('Hello Ana');
    cleanup();
    const reading = { ...idle, phase: 'reading' as const, person: ana, reading: { rounds: 2, seen: 12 } };
    expect(show(reading).textContent).toContain('reading 2 s · 12 tools seen');
  });

  it('lists what was taken, what came back and from whom, and keeps doubt apart from both', () => {
    const lines: KioskState['lines'] = [
      line,
      { ...line, epc: 'E281', name: 'mirror 3', movement: 'returned', takenBy: 'Ben' },
      { ...line, epc: 'E282', name: 'borescope', disputed: true },
    ];
    const container = show({
      ...idle,
      phase: 'receipt',
      person: ana,
      lines,
      holding: [{ name: 'torque wrench 7', since: now }],
    });
    const columns = [...container.querySelectorAll('section')].map((section) => section.textContent ?? '');
    expect(columns[0]).toContain('You took1torque wrench 7');
    expect(columns[1]).toContain('mirror 3taken by Ben');
    expect(columns[2]).toContain('In doubt, not on your name1borescope');
    expect(screen.getByTestId('kiosk-holding').textContent).toBe('You still hold 1 tool');
  });

  it('puts what must go back before everything else, however long the list is', () => {
    const lines = Array.from({ length: 9 }, (_, n) => ({
      ...line,
      epc: `E${n}`,
      name: `tool ${n}`,
      authority: n === 8 ? ('forbidden' as const) : ('allowed' as const),
      reason: n === 8 ? 'calibration_overdue' : null,
    }));
    const container = show({ ...idle, phase: 'receipt', person: ana, lines });
    expect(container.querySelector('li')?.textContent).toContain('tool 8Put it back, please (calibration overdue)');
    expect(container.textContent).toContain('and 6 more');
  });

  it('says since when it is offline, and that work goes on', () => {
    const offlineSince = new Date(Date.parse(now) - 3_600_000).toISOString();
    expect(show({ ...idle, offlineSince, pending: 14 }).textContent).toMatch(
      /Offline since \d\d:\d\d\. Work as usual\..*14 lines/,
    );
  });

  it('says when it has lost the cabinet, instead of inviting to badge', () => {
    const text = show(idle, 'en', false).textContent;
    expect(text).toContain('The screen has lost the cabinet');
    expect(text).not.toContain('Hold your badge');
  });
});

describe('soundOf', () => {
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
});
