// @vitest-environment jsdom

import { takeReasonCode } from '@tagtrail/shared/events/take-reason.js';
import { refusal } from '@tagtrail/shared/events/trace-event.js';
import { kioskFindAnswer, kioskMyDataAnswer, kioskRefusalCode } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { type KioskState, kioskPhase, kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { afterEach, describe, expect, it } from 'vitest';
import type { KioskDesk } from '../src/kiosk/kiosk-client.js';
import { KioskScreen } from '../src/kiosk/kiosk-screen.js';
import { reasonText } from '../src/kiosk/kiosk-words.js';
import { noticePages } from '../src/kiosk/notice-pages.js';
import { createText, type TextLanguage } from '../src/text/text.js';
import { type FixtureName, fixtureAnswers, fixtureStates } from './kiosk-fixtures.js';

const languages = ['en', 'fr'] as const;
const stateOf = (name: FixtureName, more: object = {}): KioskState =>
  kioskState.parse({ ...fixtureStates[name], ...more });

function show(state: KioskState, options: { language?: TextLanguage; reachable?: boolean; refuse?: string } = {}) {
  const deeds: unknown[] = [];
  const refused = options.refuse;
  const client: KioskDesk = {
    act: async (name, body) => {
      deeds.push([name, body]);
      return refused === undefined ? { ok: true, value: null } : { ok: false, code: kioskRefusalCode.parse(refused) };
    },
    find: async () => ({ ok: true, value: kioskFindAnswer.parse(fixtureAnswers.find).items }),
    myData: async () => ({ ok: true, value: kioskMyDataAnswer.parse(fixtureAnswers.myData) }),
    signOut: () => deeds.push(['signOut']),
  };
  const view = (next: KioskState, passedMs: number) => (
    <I18nextProvider i18n={createText(options.language ?? 'en')}>
      <KioskScreen
        state={next}
        reachable={options.reachable ?? true}
        nowMs={Date.parse(next.now) + passedMs}
        phaseMs={2300}
        client={client}
        onLanguage={() => {}}
      />
    </I18nextProvider>
  );
  const { container, rerender } = render(view(state, 0));
  return {
    deeds,
    text: () => container.textContent ?? '',
    page: () => screen.getByTestId('kiosk').dataset.page,
    next: (then: KioskState, passedMs = 0) => rerender(view(then, passedMs)),
  };
}
/** Taps and lets the answer arrive. */
const tap = (testId: string, at = 0) =>
  act(async () => {
    const element = screen.getAllByTestId(testId)[at];
    const target = element?.tagName === 'BUTTON' ? element : element?.querySelector('button');
    if (target != null) fireEvent.click(target);
  });
afterEach(cleanup);

describe('the kiosk screen', () => {
  it('has a fixture for each phase', () => {
    const shown = new Set<string>(Object.values(fixtureStates).map(({ phase }) => phase));
    expect([...shown].sort()).toEqual([...kioskPhase.options].sort());
  });

  it.each(Object.keys(fixtureStates) as FixtureName[])('has words for %s in both languages', (name) => {
    const [english, french] = languages.map((language) => {
      const text = show(stateOf(name), { language }).text();
      cleanup();
      return text;
    });
    expect(english).not.toMatch(/\b(kiosk|find|mine|pin|report|dispute|handOver|shift|notice)\.[a-z]/i);
    expect(english).not.toContain('{{');
    expect(french).not.toContain('{{');
    expect(english).not.toBe(french);
  });

  it.each(languages)('says each refusal of a badge in its own plain words: %s', (language) => {
    const texts = [...refusal.options, 'pin_wrong', 'pin_locked'].map((why) => {
      const text = show(stateOf('refused-unknown', { refusal: why }), { language }).text();
      cleanup();
      return text;
    });
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each(languages)('says each reason against a take by name, and in general words without one: %s', (language) => {
    const text = createText(language);
    const now = Date.parse('2026-11-22T06:12:00.000Z');
    const say = (reason: string, reasonName: string | null, reasonSince: string | null) =>
      reasonText(text.t, text, { reason, reasonName, reasonSince }, now);
    const plain = takeReasonCode.options.map((code) => say(code, null, null));
    expect(new Set(plain).size).toBe(takeReasonCode.options.length);
    expect(plain.every((sentence) => sentence.length > 4 && !sentence.includes('{{'))).toBe(true);
    const named = say('licence_expired', 'Torque licence', '2026-05-03T12:00:00.000Z');
    expect(named).toBe(language === 'en' ? 'Torque licence expired 3 May' : 'Torque licence expirée le 3 mai');
  });

  it.each(languages)('says why nothing came of a tap, for each code: %s', async (language) => {
    const texts: string[] = [];
    for (const refuse of kioskRefusalCode.options) {
      const shown = show(stateOf('receipt'), { language, refuse });
      await tap('kiosk-wrong');
      texts.push(shown.text());
      expect(shown.page()).toBe('said');
      cleanup();
    }
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('asks for the order in the greeting and takes one tap for an answer', async () => {
    const shown = show(stateOf('greeting-order'));
    expect(shown.text()).toContain('Hello Sam – order 4711?');
    await tap('kiosk-order-yes');
    await tap('kiosk-order-none');
    await tap('kiosk-order-other');
    await tap('kiosk-order', 1);
    const open = fixtureStates['greeting-order'].desk.orders?.open ?? [];
    expect(shown.deeds).toEqual([
      ['order', { order: open[0]?.order }],
      ['order', { order: null }],
      ['order', { order: open[1]?.order }],
    ]);
    expect(shown.page()).toBe('none');
  });

  it('disputes a line with one tap, shows the reading, then the outcome, then the receipt again', async () => {
    const shown = show(stateOf('receipt'));
    await tap('kiosk-wrong');
    expect(shown.deeds).toEqual([['dispute', { epc: stateOf('receipt').lines[0]?.epc }]]);
    shown.next(stateOf('dispute-reading'));
    expect(shown.text()).toContain('Reading againTorque wrench 7');
    shown.next(stateOf('dispute-stays'));
    expect(shown.text()).toContain('is not on your name');
    await tap('kiosk-done');
    expect(shown.text()).toContain('disputed, not on your name');
    expect(screen.queryByTestId('kiosk-wrong')).toBeNull();
    expect(shown.deeds).toHaveLength(1);
  });

  it('reports a tool of the receipt with two taps, a held one with three', async () => {
    const shown = show(stateOf('receipt'));
    await tap('kiosk-line');
    await tap('kiosk-report-incomplete');
    expect(shown.text()).toContain('Reported: Torque wrench 7');
    cleanup();
    const held = show(stateOf('greeting'));
    await tap('kiosk-report');
    await tap('kiosk-report-tool', 1);
    await tap('kiosk-report-lost');
    expect(held.deeds).toEqual([['report', { epc: stateOf('greeting').holding[1]?.epc, what: 'lost', note: null }]]);
  });

  it('puts what must go back first, doubt before what is sure, and says each in words', () => {
    show(stateOf('receipt-busy'));
    const rows = [...document.querySelectorAll('.tk-row')].map((row) => row.textContent ?? '');
    expect(rows[0]).toContain('Rigging kit 2missing: Turnbuckle key, Tension gauge, Pin');
    expect(rows[1]).toContain('Rivet gun 2put it back: Rivet licence expired 3 May');
    expect(rows[2]).toContain('Crimp tool 12in doubt, not on your name');
    expect(screen.getByTestId('kiosk-holding').textContent).toBe('You still hold 4 tools');
  });

  it('offers no dispute and no report where nobody is signed in', () => {
    show(stateOf('receipt-unsigned'));
    expect(screen.queryByTestId('kiosk-wrong')).toBeNull();
    expect(document.querySelector('.tk-row button')).toBeNull();
  });

  it('answers where a tool is with two taps, and names nobody whom the cabinet does not name', async () => {
    const shown = show(stateOf('idle'));
    await tap('kiosk-find');
    await act(async () => void fireEvent.click(screen.getByText('T')));
    expect(shown.text()).toContain('out since');
    expect(shown.text()).toContain('Torque wrench 7calibration ended 3 May');
    await tap('kiosk-found', 2);
    expect(shown.text()).toContain('shown only after a badge');
  });

  it('closes an untouched page by itself when nobody is signed in, and with the phase', async () => {
    const shown = show(stateOf('idle'));
    await tap('kiosk-find');
    shown.next(stateOf('idle'), 29_000);
    expect(shown.page()).toBe('find');
    shown.next(stateOf('idle'), 31_000);
    expect(shown.page()).toBe('none');
    await tap('kiosk-find');
    shown.next(stateOf('greeting'), 32_000);
    expect(shown.page()).toBe('none');
  });

  it('asks for the badge before it shows my data, and then shows it without a further tap', async () => {
    const shown = show(stateOf('idle'));
    await tap('kiosk-mine');
    expect(shown.text()).toContain('Hold your badge');
    shown.next(stateOf('greeting'));
    expect(shown.text()).toContain('My data, Sam');
    await tap('kiosk-my-sessions');
    expect(shown.text()).toContain('took Torque wrench 7, Inspection mirror 3');
    shown.next(stateOf('open'));
    expect(shown.page()).toBe('none');
  });

  it('signs in with number and PIN, shows no digit of the PIN, and says until when it is locked', async () => {
    const shown = show(stateOf('idle'));
    await tap('kiosk-pin');
    for (const digit of '42') await tap(`kiosk-digit-${digit}`);
    expect(screen.getByTestId('kiosk-typed').textContent).toBe('42');
    await tap('kiosk-enter');
    for (const digit of '1357') await tap(`kiosk-digit-${digit}`);
    expect(screen.getByTestId('kiosk-typed').textContent).toBe('●●●●');
    await tap('kiosk-enter');
    expect(shown.deeds).toEqual([['pin', { number: '42', pin: '1357' }]]);
    expect(screen.getByTestId('kiosk-typed').textContent).toBe('');
    shown.next(stateOf('locked'));
    expect(shown.text()).toMatch(/Locked until \d\d:22/);
  });

  it('ends a shift only with a decision for each tool', async () => {
    const shown = show(stateOf('greeting'));
    await tap('kiosk-shift-end');
    for (const decision of ['keeping', 'lost', 'left_on_job']) await tap(`kiosk-shift-${decision}`);
    expect(screen.queryByTestId('kiosk-shift-send')).toBeNull();
    await tap('kiosk-shift-returned_elsewhere');
    await tap('kiosk-shift-send');
    const sent = shown.deeds[0] as [string, { decisions: { decision: string }[] }];
    expect(sent[0]).toBe('shiftEnd');
    expect(sent[1].decisions.map(({ decision }) => decision)).toEqual([
      'keeping',
      'lost',
      'left_on_job',
      'returned_elsewhere',
    ]);
  });

  it('hands over the chosen tools, and gives up with an empty list', async () => {
    const shown = show(stateOf('greeting'));
    await tap('kiosk-hand-over');
    await tap('kiosk-hand-over-go');
    await tap('kiosk-hand-over-tool', 2);
    await tap('kiosk-hand-over-go');
    shown.next(stateOf('hand-over'));
    await tap('kiosk-cancel');
    expect(shown.deeds).toEqual([
      ['handOver', { epcs: [stateOf('greeting').holding[2]?.epc] }],
      ['handOver', { epcs: [] }],
    ]);
  });

  it('starts a search without a badge, and lets only a signed-in person end it by a decision', async () => {
    const shown = show(stateOf('idle-offline-missing'));
    await tap('kiosk-missing');
    await tap('kiosk-missing-tool', 0);
    await tap('kiosk-search-start');
    expect(shown.deeds).toEqual([['search', { action: 'start', epc: fixtureStates.searching.desk.missing[0]?.epc }]]);
    shown.next(stateOf('searching'));
    expect(shown.text()).toContain('last held by Ana Lopez');
    expect(screen.queryByTestId('kiosk-declare-lost')).toBeNull();
  });

  it('says since when it is offline, of when the rules are, and that work goes on', () => {
    expect(show(stateOf('idle-offline-missing')).text()).toMatch(
      /Offline since \d+ Nov \d\d:14\. Work as usual\.Rules of \d+ Nov \d\d:30 · 14 lines/,
    );
  });

  it('says when it has lost the cabinet, instead of inviting to badge', () => {
    const text = show(stateOf('idle'), { reachable: false }).text();
    expect(text).toContain('The screen has lost the cabinet');
    expect(text).not.toContain('Hold your badge');
  });

  it('shows how long it is until it signs out by itself', () => {
    const shown = show(stateOf('receipt'));
    expect(shown.text()).toContain('closes in 19 s');
    shown.next(stateOf('receipt'), 12_500);
    expect(shown.text()).toContain('closes in 7 s');
  });
});

describe('noticePages', () => {
  it('cuts a long notice at sentences and leaves nothing out', () => {
    const text = 'One sentence that says something. '.repeat(60).trim();
    const pages = noticePages(text);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.every((page) => page.length <= 520 && page.endsWith('.'))).toBe(true);
    expect(pages.join(' ')).toBe(text);
  });
});
