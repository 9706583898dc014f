import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import { type LivePatch, type LiveSnapshot, livePath, liveVersion } from '@tagtrail/shared/live/protocol.js';
import { chromium } from 'playwright-core';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assetByName,
  cabinetView,
  chromiumArgs,
  chromiumPath,
  hands,
  openStage,
  type Stage,
  trail,
  until,
} from './stage.js';

/** A line as a person would tell it: who, what, which tool. */
const told = (entry: EntryView): string => `${entry.actor?.name ?? 'nobody'} ${entry.kind} ${entry.asset?.name ?? '?'}`;
const isLine = (entry: EntryView): boolean => entry.kind === 'asset.checked_out' || entry.kind === 'asset.returned';
const lines = (entries: readonly EntryView[]): string[] => entries.filter(isLine).map(told);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage?.close(), 60_000);

function person(key: string) {
  const found = stage.system.customer.people.find((candidate) => candidate.key === key);
  if (found === undefined) throw new Error(`no person ${key}`);
  return found;
}

function cabinetOf(key: string) {
  const found = stage.system.cabinets.find((candidate) => candidate.key === key);
  if (found === undefined) throw new Error(`no cabinet ${key}`);
  return found;
}

/** Two tools of a cabinet that anybody may take. */
function toolsOf(key: string, skip = 0) {
  return stage.system.customer.assets
    .filter((asset) => asset.cabinet === key && asset.groups.length === 0 && asset.calibrationDueInDays === null)
    .slice(skip, skip + 2) as [ReturnType<typeof asTool>, ReturnType<typeof asTool>];
}
const asTool = (asset: (typeof stage.system.customer.assets)[number]) => asset;

async function sessionsClosed(key: string): Promise<number> {
  const view = await cabinetView(stage, cabinetOf(key));
  const entries = await trail(stage);
  return entries.filter((entry) => entry.kind === 'session.closed' && entry.cabinet?.id === view.id).length;
}

async function settled(key: string, count: number): Promise<void> {
  await until(`${count} sessions closed at ${key}`, async () =>
    (await sessionsClosed(key)) >= count ? true : undefined,
  );
}

/** A socket client as the dashboard is one: snapshot, then patches, each entry once. */
function watchLive() {
  const seen = new Map<number, EntryView>();
  const socket = io(stage.system.url, {
    path: livePath,
    transports: ['websocket'],
    extraHeaders: { cookie: stage.cookie, origin: stage.system.url },
  });
  let place: { after: number | null; mark: string | null } = { after: null, mark: null };
  const fold = (entries: readonly EntryView[], after: number, mark: string | null): void => {
    for (const entry of entries) seen.set(entry.index, entry);
    place = { after, mark };
  };
  socket.on('snapshot', ({ entries, index, mark }: LiveSnapshot) => fold(entries, index, mark));
  socket.on('entries', ({ entries, to, mark }: LivePatch) => fold(entries, to, mark));
  socket.on('connect', () => socket.emit('watch', { v: liveVersion, ...place }, () => {}));
  return { entries: () => [...seen.values()].sort((a, b) => a.index - b.index), close: () => void socket.close() };
}

/** Badge, open, move the tools, close. */
async function session(key: string, badge: string, moves: readonly { epc: string; inside: boolean }[]): Promise<void> {
  const cabinet = cabinetOf(key);
  await hands.badge(cabinet, badge);
  await hands.open(cabinet);
  for (const { epc, inside } of moves) await hands.move(cabinet, epc, inside);
  await hands.close(cabinet);
}

describe('from bytes to screen', () => {
  it('shows exactly what was taken and returned through REST, socket and browser', async () => {
    const [one, two] = toolsOf('b1');
    const ana = person('ana');
    const live = watchLive();
    await until('a first snapshot', async () => (live.entries().length > 0 ? true : undefined));

    await session('b1', ana.badge, [
      { epc: one.epc, inside: false },
      { epc: two.epc, inside: false },
    ]);
    await settled('b1', 1);
    await session('b1', ana.badge, [{ epc: one.epc, inside: true }]);
    await settled('b1', 2);

    const expected = [
      `${ana.name} asset.checked_out ${one.name}`,
      `${ana.name} asset.checked_out ${two.name}`,
      `${ana.name} asset.returned ${one.name}`,
    ];
    const stored = await trail(stage);
    expect(lines(stored).slice(0, 2).sort()).toEqual(expected.slice(0, 2).sort());
    expect(lines(stored).slice(2)).toEqual(expected.slice(2));
    expect(stored.map((entry) => entry.index)).toEqual(stored.map((_, index) => index));

    const holder = async (name: string): Promise<AssetView> => assetByName(stage, name);
    expect((await holder(two.name)).holder?.name).toBe(ana.name);
    expect((await holder(two.name)).state).toBe('out');
    expect((await holder(one.name)).state).toBe('available');

    const wanted = stored.filter(isLine).map((entry) => entry.index);
    await until('the same lines through the socket', async () =>
      lines(live.entries()).length >= wanted.length ? true : undefined,
    );
    expect(
      live
        .entries()
        .filter(isLine)
        .map((entry) => entry.index),
    ).toEqual(wanted);
    live.close();
  }, 120_000);

  it('shows the same lines from the side of the tool, the person, the cabinet and the session', async () => {
    const [one] = toolsOf('b1');
    const all = (await trail(stage)).filter(isLine);
    const returned = all.find((entry) => entry.kind === 'asset.returned');
    const timeline = async (path: string): Promise<number[]> => {
      const { data } = (await stage.api(path)) as { data: EntryView[] };
      return data.filter(isLine).map((entry) => entry.index);
    };
    const asset = await assetByName(stage, one.name);
    expect(await timeline(`/v1/assets/${asset.id}/timeline`)).toContain(returned?.index);
    expect(await timeline(`/v1/people/${returned?.actor?.id}/timeline`)).toEqual(
      all.map((entry) => entry.index).reverse(),
    );
    expect(await timeline(`/v1/cabinets/${returned?.cabinet?.id}/timeline`)).toContain(returned?.index);
    const seen = (await stage.api(`/v1/sessions/${returned?.session}`)) as { entries: EntryView[] };
    expect(seen.entries.filter(isLine).map((entry) => entry.index)).toEqual([returned?.index]);
  });

  it.skipIf(chromiumPath() === undefined)(
    'shows them in a real browser (skipped where no Chromium is found)',
    async () => {
      const browser = await chromium.launch({ executablePath: chromiumPath() as string, args: chromiumArgs });
      try {
        const page = await browser.newPage();
        const admin = stage.system.users.find((user) => user.role === 'admin');
        await page.goto(stage.system.url);
        await page.fill('input[type=email]', admin?.email ?? '');
        await page.fill('input[type=password]', admin?.password ?? '');
        await page.keyboard.press('Enter');
        const stored = (await trail(stage)).filter(isLine);
        for (const entry of stored) {
          await page.waitForSelector(`[data-entry-index="${entry.index}"][data-kind="${entry.kind}"]`, {
            timeout: 20_000,
          });
        }

        // A line that happens while the page is open slides in by itself.
        const [, two] = toolsOf('b1');
        await session('b1', person('ana').badge, [{ epc: two.epc, inside: true }]);
        await settled('b1', 3);
        const last = (await trail(stage)).filter(isLine).at(-1);
        await page.waitForSelector(`[data-entry-index="${last?.index}"][data-kind="asset.returned"]`, {
          timeout: 20_000,
        });
        const shown = await page.$$eval('[data-entry-index]', (elements) =>
          elements.map(
            (element) => [element.getAttribute('data-entry-index'), element.getAttribute('data-kind')] as const,
          ),
        );
        const indexes = [
          ...new Set(
            shown
              .filter(([, kind]) => kind === 'asset.checked_out' || kind === 'asset.returned')
              .map(([index]) => Number(index)),
          ),
        ];
        expect(indexes.sort((a, b) => a - b)).toEqual([...stored.map((entry) => entry.index), last?.index]);
      } finally {
        await browser.close();
      }
    },
    120_000,
  );

  it('loses and doubles nothing when the agent is killed with the door open', async () => {
    const [one, two] = toolsOf('b2');
    const ben = person('ben');
    const cabinet = cabinetOf('b2');
    await hands.badge(cabinet, ben.badge);
    await hands.open(cabinet);
    await until('the agent has seen the door', async () => {
      const view = await cabinetView(stage, cabinet);
      return view.doors.some((door) => door.state === 'open') ? true : undefined;
    });
    await hands.move(cabinet, one.epc, false);
    process.kill(cabinet.agent.pid() as number, 'SIGKILL');
    await hands.move(cabinet, two.epc, false);
    await hands.close(cabinet);
    await settled('b2', 1);
    const after = (await trail(stage)).filter((entry) => isLine(entry) && entry.cabinet?.name === cabinet.name);
    expect(after.map(told).sort()).toEqual(
      [`${ben.name} asset.checked_out ${one.name}`, `${ben.name} asset.checked_out ${two.name}`].sort(),
    );
    expect(after.map((entry) => entry.data.certainty)).toEqual(['window', 'window']);
  }, 120_000);

  it('loses and doubles nothing when the cloud is killed in the middle of a session', async () => {
    const [one, two] = toolsOf('e1');
    const grace = person('grace');
    const cabinet = cabinetOf('e1');
    const live = watchLive();
    await hands.badge(cabinet, grace.badge);
    await hands.open(cabinet);
    await hands.move(cabinet, one.epc, false);
    process.kill(stage.system.cloud.pid() as number, 'SIGKILL');
    await hands.move(cabinet, two.epc, false);
    await hands.close(cabinet);
    await until('the cloud is back', async () => {
      try {
        return (await fetch(`${stage.system.url}/readyz`)).ok ? true : undefined;
      } catch {
        return undefined;
      }
    });
    await settled('e1', 1);
    await session('e1', grace.badge, [{ epc: one.epc, inside: true }]);
    await settled('e1', 2);
    const all = await trail(stage);
    const here = all.filter((entry) => isLine(entry) && entry.cabinet?.name === cabinet.name);
    expect(here.map(told).slice(0, 2).sort()).toEqual(
      [`${grace.name} asset.checked_out ${one.name}`, `${grace.name} asset.checked_out ${two.name}`].sort(),
    );
    expect(here.map(told).slice(2)).toEqual([`${grace.name} asset.returned ${one.name}`]);
    expect(all.map((entry) => entry.index)).toEqual(all.map((_, index) => index));
    const wanted = all.map((entry) => entry.index);
    await until('the socket resumed without a hole', async () =>
      live.entries().at(-1)?.index === wanted.at(-1) ? true : undefined,
    );
    expect(live.entries().map((entry) => entry.index)).toEqual(wanted.slice(-live.entries().length));
    live.close();
  }, 120_000);
});

describe('a cabinet in trouble', () => {
  it('says so on the board when it is unplugged, garbled or cut off, and recovers without help', async () => {
    const [unplugged, garbled, cut] = [cabinetOf('b1'), cabinetOf('b2'), cabinetOf('e1')];
    await hands.fault(unplugged, { fault: 'unplug', device: 'uhf', on: true });
    await hands.fault(garbled, { fault: 'garble', device: 'uhf', on: true });
    stage.network('e1', false);

    await until('unplugged is shown', async () =>
      (await cabinetView(stage, unplugged)).devices.uhf?.status === 'unplugged' ? true : undefined,
    );
    await until('garbled is shown', async () =>
      (await cabinetView(stage, garbled)).devices.uhf?.status === 'garbled' ? true : undefined,
    );
    await until('cut off is shown', async () => ((await cabinetView(stage, cut)).link !== 'online' ? true : undefined));

    await hands.fault(unplugged, { fault: 'unplug', device: 'uhf', on: false });
    await hands.fault(garbled, { fault: 'garble', device: 'uhf', on: false });
    stage.network('e1', true);
    for (const cabinet of [unplugged, garbled, cut]) {
      await until(
        `${cabinet.name} is well again`,
        async () => {
          const view = await cabinetView(stage, cabinet);
          return view.link === 'online' && view.devices.uhf?.status === 'ok' ? true : undefined;
        },
        90_000,
      );
    }
  }, 180_000);
});
