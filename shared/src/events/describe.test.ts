import { describe, expect, it } from 'vitest';
import type { EntryView } from '../api/entry.js';
import { cloudEventData } from './cloud-event.js';
import { codeText, describeEntry, describeParts, durationText, type Language, shortEpc } from './describe.js';
import { traceEvent } from './trace-event.js';

const ana = { id: 'person_a', name: 'Ana' };
const ben = { id: 'person_b', name: 'Ben' };
const wrench = { id: 'asset_w', name: 'torque wrench 7' };
const b2 = { id: 'cabinet_b2', name: 'B2' };

function entry(kind: string, data: Record<string, unknown> = {}, change: Partial<EntryView> = {}): EntryView {
  return {
    index: 7,
    kind,
    category: 'custody',
    source: 'cabinet',
    time: '2026-11-22T06:00:00.000Z',
    received_at: '2026-11-22T06:00:01.000Z',
    late: false,
    status: 'accepted',
    site: { id: 'site_1', name: 'Hangar 1' },
    cabinet: b2,
    actor: ana,
    asset: wrench,
    counterpart: null,
    session: null,
    order: null,
    sequence: 12,
    data,
    ...change,
  };
}

const certain = { disputed: false, certainty: 'observed', authority: 'allowed' };

describe('describeEntry', () => {
  const kinds = [...traceEvent.options.map((option) => option.shape.kind.value), ...Object.keys(cloudEventData)];

  it.each(kinds)('has a whole sentence in both languages for %s', (kind) => {
    const unknown: Record<Language, string> = { en: 'no words for', fr: 'ne sait pas' };
    for (const language of ['en', 'fr'] as const) {
      // Expired content leaves `data` empty and references away; the sentence must still be one.
      const bare = { actor: null, asset: null, cabinet: null, counterpart: null, site: null };
      for (const change of [{}, { counterpart: ben }, bare]) {
        const sentence = describeEntry(entry(kind, {}, change), language);
        expect(sentence.length).toBeGreaterThan(5);
        expect(sentence).not.toMatch(/[{}]|undefined|null|NaN/);
        expect(sentence).not.toContain(unknown[language]);
        expect(sentence[0]).toBe(sentence[0]?.toLocaleUpperCase());
      }
    }
  });

  it('differs between the languages for every kind', () => {
    for (const kind of kinds) expect(describeEntry(entry(kind), 'en')).not.toBe(describeEntry(entry(kind), 'fr'));
  });

  it.each([
    ['asset.checked_out', certain, {}, 'Ana took torque wrench 7 from B2', 'Ana a pris torque wrench 7 dans B2'],
    [
      'asset.checked_out',
      { ...certain, disputed: true },
      {},
      'In doubt: torque wrench 7 may have left B2 with Ana',
      'Doute : torque wrench 7 a peut-être quitté B2 avec Ana',
    ],
    [
      'asset.checked_out',
      { ...certain, authority: 'forbidden', reason: 'calibration_overdue' },
      {},
      'Ana took torque wrench 7 from B2 although it was not allowed: its calibration is overdue',
      'Ana a pris torque wrench 7 dans B2 sans y être autorisé : son étalonnage est dépassé',
    ],
    [
      'asset.checked_out',
      { ...certain, authority: 'unsigned' },
      { actor: null },
      'Torque wrench 7 was taken from B2 without a badge',
      'Torque wrench 7 a été pris dans B2 sans badge',
    ],
    [
      'asset.checked_out',
      { ...certain, certainty: 'window' },
      {},
      'Ana took torque wrench 7 from B2, as counted after an interruption',
      'Ana a pris torque wrench 7 dans B2, d’après le compte fait après une coupure',
    ],
    [
      'asset.checked_out',
      certain,
      { actor: { id: 'person_x', name: null } },
      'A former colleague took torque wrench 7 from B2',
      'Un ancien collègue a pris torque wrench 7 dans B2',
    ],
    [
      'asset.returned',
      certain,
      { actor: ben, counterpart: ana },
      'Ben returned torque wrench 7 to B2 (taken by Ana)',
      'Ben a rendu torque wrench 7 à B2 (pris par Ana)',
    ],
    [
      'asset.returned',
      certain,
      { counterpart: ana },
      'Ana returned torque wrench 7 to B2',
      'Ana a rendu torque wrench 7 à B2',
    ],
    [
      'asset.returned',
      { ...certain, disputed: true },
      {},
      'In doubt: torque wrench 7 may be back in B2',
      'Doute : torque wrench 7 est peut-être de retour dans B2',
    ],
    [
      'badge.refused',
      { refusal: 'lost' },
      { actor: null },
      'B2 refused a badge: it was reported lost',
      'B2 a refusé un badge : il a été déclaré perdu',
    ],
    [
      'device.lost',
      { device: 'uhf', reason: 'unplugged', detail: '' },
      {},
      'The tag reader of B2 is unplugged',
      'À B2, le lecteur d’étiquettes est débranché',
    ],
    [
      'inventory.settled',
      { present: ['A', 'B'], missing: ['C'], doubtful: [] },
      {},
      'B2 counted its tools: 2 tools inside, 1 missing',
      'B2 a compté ses outils : 2 outils présents, 1 manquant',
    ],
    [
      'session.closed',
      { outcome: 'settled', taken: 2, returned: 1, disputed: 0 },
      {},
      'Ana left B2: 2 taken, 1 returned',
      'Ana a quitté B2 : 2 pris, 1 rendu',
    ],
  ])('tells %s with %o', (kind, data, change, en, fr) => {
    expect(describeEntry(entry(kind, data, change), 'en')).toBe(en);
    expect(describeEntry(entry(kind, data, change), 'fr')).toBe(fr);
  });

  it('has a sentence for a kind it does not know, also one named like a property of every object', () => {
    expect(describeEntry(entry('asset.teleported'), 'en')).toContain('asset.teleported');
    expect(describeEntry(entry('constructor'), 'fr')).toContain('constructor');
  });
});

describe('describeParts', () => {
  it('keeps the references of the names it writes', () => {
    const parts = describeParts(entry('asset.checked_out', certain), 'en');
    expect(parts.filter((part) => part.of !== null).map((part) => [part.of, part.text])).toEqual([
      ['actor', 'Ana'],
      ['asset', 'torque wrench 7'],
      ['cabinet', 'B2'],
    ]);
  });
});

describe('codeText', () => {
  it('has words for a code it knows and repeats one it does not', () => {
    expect(codeText('fork', 'fr')).toBe('elle contredit une ligne plus ancienne');
    expect(codeText('constructor', 'en')).toBe('constructor');
  });
});

describe('durationText and shortEpc', () => {
  it('choose a unit that fits', () => {
    expect([800, 61_000, 130_000, 9_000_000].map(durationText)).toEqual(
      ['1 s', '61 s', '2 min', '3 h'].map((text) => text.replace(' ', '\u00a0')),
    );
  });
  it('shorten only what is long', () => {
    expect(shortEpc('E28011602000')).toBe('E28011602000');
    expect(shortEpc('E2801160200020A1B2C3D4E5')).toBe('E28011…C3D4E5');
  });
});
