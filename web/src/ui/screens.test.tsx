// @vitest-environment jsdom
import { assetState } from '@tagtrail/shared/api/asset.js';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, overviewOf } from '../../test/fixture-world.js';
import { renderScreen } from '../../test/render.js';
import { HomePage } from '../views/home-page.js';
import { AsOf } from './as-of.js';
import { StateBadge } from './badge.js';
import { CabinetCard } from './cabinet-card.js';
import { LiveTrail } from './live-trail.js';
import { Timeline } from './timeline.js';

const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const world = createWorld(nowMs);
const [b2] = world.cabinets as [CabinetView];
const online: CabinetView = { ...b2, link: 'online', last_seen_at: new Date(nowMs - 2000).toISOString() };
const snapshot = () => ({
  index: world.entries.length - 1,
  cabinets: world.cabinets,
  overview: overviewOf(world, nowMs),
  entries: world.entries.slice(-20),
  mark: null,
  continues: false,
  skipped: 0,
});

afterEach(cleanup);

describe('StateBadge', () => {
  it.each(assetState.options)('says %s with a word and an icon, in both languages', async (state) => {
    const words: string[] = [];
    for (const language of ['en', 'fr'] as const) {
      const { container } = await renderScreen(<StateBadge state={state} />, { nowMs, language });
      expect(container.querySelector('svg')).not.toBeNull();
      words.push(container.querySelector('.tt-badge')?.textContent ?? '');
      cleanup();
    }
    expect(words.every((word) => word.length > 2)).toBe(true);
    expect(words[0]).not.toBe(words[1]);
  });

  it('takes the green from what rests on a silent cabinet, but leaves an alarm its colour', async () => {
    const { container } = await renderScreen(
      <>
        <StateBadge state="available" fresh={false} />
        <StateBadge state="missing" fresh={false} />
      </>,
      { nowMs },
    );
    const tones = [...container.querySelectorAll('.tt-badge')].map((badge) => badge.getAttribute('data-tone'));
    expect(tones).toEqual(['old', 'bad']);
    expect(container.querySelectorAll('.tt-hatched')).toHaveLength(2);
  });
});

describe('CabinetCard', () => {
  it('shows what is inside, who is there, the door and how fresh it is', async () => {
    await renderScreen(<CabinetCard cabinet={online} />, { nowMs });
    const card = screen.getByTestId('cabinet-card');
    expect(card.dataset).toMatchObject({
      cabinet: online.id,
      link: 'online',
      deviceUhf: 'ok',
      door: 'open',
      pending: '0',
    });
    expect(card.textContent).toContain('12/14');
    expect(card.textContent).toContain('Ana Ruiz is here');
  });

  it('turns stale on this clock too, although the server had said online', async () => {
    await renderScreen(<CabinetCard cabinet={online} />, { nowMs: nowMs + 30_000 });
    const card = screen.getByTestId('cabinet-card');
    expect(card.dataset.link).toBe('stale');
    expect(card.querySelector('.tt-cabinet')?.getAttribute('data-old')).toBe('true');
    expect(card.querySelector('[data-tone=ok]')).toBeNull();
  });

  it('says of a revoked cabinet that it is, and of one with old rules which it has', async () => {
    await renderScreen(<CabinetCard cabinet={{ ...online, revoked_at: online.last_seen_at, rulebook_version: 3 }} />, {
      nowMs,
    });
    const revoked = screen.getByTestId('cabinet-card');
    expect(revoked.dataset).toMatchObject({ revoked: 'true', behind: 'false' });
    expect(revoked.textContent).toContain('Revoked');
    expect(revoked.textContent).not.toContain('Online');
    cleanup();
    await renderScreen(<CabinetCard cabinet={{ ...online, rulebook_version: 3 }} />, { nowMs, language: 'fr' });
    expect(screen.getByTestId('cabinet-card').textContent).toContain('Anciennes règles : 3 sur 12');
  });

  it('says which device does not work', async () => {
    const health = { status: 'unplugged', since: online.last_seen_at ?? '', detail: null } as const;
    await renderScreen(<CabinetCard cabinet={{ ...online, devices: { uhf: health } }} />, { nowMs });
    const card = screen.getByTestId('cabinet-card');
    expect(card.dataset).toMatchObject({ deviceUhf: 'unplugged', deviceLock: 'unknown' });
    expect(card.textContent).toContain('Tag reader: unplugged');
  });
});

describe('AsOf', () => {
  it('says which silent cabinets make a total incomplete', async () => {
    await renderScreen(<AsOf freshness={overviewOf(world, nowMs).freshness} />, { nowMs });
    expect(screen.getByTestId('as-of').dataset.complete).toBe('false');
    expect(screen.getByTestId('as-of').textContent).toContain('Incomplete: C2 Cabin, D1 Old store silent');
  });
});

describe('LiveTrail', () => {
  it('shows each line once with the attributes that find it, newest first', async () => {
    const { live } = await renderScreen(<LiveTrail />, { nowMs });
    expect(screen.getByTestId('loading')).toBeDefined();
    live.snapshot(snapshot(), null);
    const last = world.entries.at(-1);
    live.entries({
      from: last?.index ?? 0,
      to: last?.index ?? 0,
      mark: null,
      entries: last === undefined ? [] : [last],
    });
    const lines = await screen.findAllByTestId('trail-line');
    expect(lines).toHaveLength(20);
    expect(lines[0]?.dataset).toMatchObject({ entryIndex: String(last?.index), kind: last?.kind });
    const taken = lines.find((line) => line.dataset.kind === 'asset.checked_out');
    expect(taken?.dataset.asset).toMatch(/^asset_/);
    expect(taken?.dataset.person).toMatch(/^person_/);
  });

  it('holds new lines back while somebody reads, and gives them at a click', async () => {
    const { live, container } = await renderScreen(<LiveTrail />, { nowMs });
    live.snapshot({ ...snapshot(), entries: world.entries.slice(-20, -1), index: world.entries.length - 2 }, null);
    await screen.findAllByTestId('trail-line');
    fireEvent.pointerEnter(container.querySelector('.tt-trail-scroll') as Element);
    live.entries({
      from: world.entries.length - 1,
      to: world.entries.length - 1,
      mark: null,
      entries: world.entries.slice(-1),
    });
    const button = await screen.findByText('1 new line');
    expect(screen.getAllByTestId('trail-line')).toHaveLength(19);
    fireEvent.click(button);
    await waitFor(() => expect(screen.getAllByTestId('trail-line')).toHaveLength(20));
  });
});

describe('HomePage', () => {
  it('counts what needs somebody, and each count opens exactly those rows', async () => {
    const { live } = await renderScreen(<HomePage />, { nowMs });
    live.snapshot(snapshot(), null);
    const missing = await screen.findByTestId('exception-missing');
    expect(missing.dataset.count).toBe('1');
    expect(missing.getAttribute('href')).toBe('/assets?state=missing');
    expect(screen.getByTestId('exception-silent').getAttribute('href')).toBe('/cabinets?only=silent');
    // A revoked cabinet is silent because somebody meant it, and does not count.
    expect(screen.getByTestId('exception-silent').dataset.count).toBe('1');
    expect(screen.getAllByTestId('cabinet-card')).toHaveLength(5);
  });
});

describe('Timeline', () => {
  const path = 'GET /v1/assets/asset_1/timeline';
  const page = (data: unknown[]) => Response.json({ data, has_more: false, next_cursor: null });

  it('has a next step when it is empty', async () => {
    await renderScreen(<Timeline owner="assets" id="asset_1" />, { nowMs, answers: { [path]: () => page([]) } });
    expect((await screen.findByTestId('empty')).textContent).toContain('as soon as a cabinet reports');
  });

  it('says what happened when it fails, and tries again at a click', async () => {
    let calls = 0;
    const answers = {
      [path]: () => (calls++ === 0 ? new Response(null, { status: 503 }) : page(world.entries.slice(0, 2))),
    };
    await renderScreen(<Timeline owner="assets" id="asset_1" />, { nowMs, answers });
    expect((await screen.findByRole('alert')).textContent).toContain('503');
    fireEvent.click(screen.getByText('Try again'));
    expect(await screen.findAllByTestId('trail-line')).toHaveLength(2);
  });
});
