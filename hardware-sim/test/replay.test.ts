import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEdgeConfig } from '@tagtrail/edge/config.js';
import { openFileDisk } from '@tagtrail/edge/journal/file-disk.js';
import { openJournal } from '@tagtrail/edge/journal/journal.js';
import { openTraceFile } from '@tagtrail/edge/record/trace-recorder.js';
import { saveRulebook } from '@tagtrail/edge/rules/rulebook-file.js';
import { badgeHash } from '@tagtrail/edge/rules/rulebook-index.js';
import { createSeal } from '@tagtrail/edge/rules/seal.js';
import { runEdge } from '@tagtrail/edge/run-edge.js';
import { newSigningKey } from '@tagtrail/edge/uplink/signing-key.js';
import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { readTrace } from '../src/replay/read-trace.js';
import { startReplay } from '../src/replay/replay.js';
import { cabinetFile } from '../src/serve/cabinet-file.js';
import { createLinks } from '../src/serve/links.js';
import { openPty } from '../src/serve/pty.js';
import { serveCabinet } from '../src/serve/serve.js';

const [wrench, torch] = ['3034257BF7194E4000001A85', '3034257BF7194E4000001A86'] as const;
const badge = '3E00A1B2C3';
const uuid = (last: number): string => `01890a5d-ac96-774b-bcce-b302099a80${last.toString(16).padStart(2, '0')}`;
const identity = { tenant: idFromUuid('tenant', uuid(1)), cabinet: idFromUuid('cabinet', uuid(2)) };
const person = idFromUuid('person', uuid(3));
const badgeKey = '0b'.repeat(32);
const secret = 'open sesame';

const item = (epc: string, last: number): Rulebook['items'][number] => ({
  ...{ asset: idFromUuid('asset', uuid(last)), epc, name: `Tool ${last}`, model: null, home: true },
  ...{ status: 'available', calibrationDueAt: null, groups: [], heldBy: null },
});
const rulebook: Rulebook = {
  ...{ v: 1, version: 1, ...identity, issuedAt: '2026-01-05T06:00:00.000Z', badgeKey },
  people: [{ person, displayName: 'Ada', language: 'en', status: 'active', validUntil: null, groups: [] }],
  badges: [{ hash: badgeHash(badgeKey, badge), person, status: 'active', validUntil: null }],
  items: [item(wrench, 4), item(torch, 5)],
};

const folder = mkdtempSync(join(tmpdir(), 'tagtrail-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An agent that knows the rules, on the ports that `links` holds, without a cloud. */
async function startAgent(name: string, links: string, traceFile?: string) {
  const data = join(folder, name);
  const seal = createSeal({ secret, identity, use: 'rulebook', random: seededRandom(name) });
  await saveRulebook(await openFileDisk(join(data, 'rules')), rulebook, seal);
  const at = (device: string) => ({ path: join(links, device) });
  const platform = { clock: systemClock, random: systemRandom, log: silentLog };
  return runEdge({
    ...platform,
    ...(traceFile === undefined ? {} : { trace: openTraceFile(traceFile, platform) }),
    config: parseEdgeConfig(
      JSON.stringify({
        ...{ credentials: 'c.json', data, kiosk: { port: 0 }, presence: { maxMs: 3000 } },
        devices: { uhf: at('uhf'), badge: at('badge'), lock: at('lock') },
      }),
    ),
    credentials: {
      ...{ ...identity, name: 'B1', site: 'Hangar', mqttUrl: 'mqtt://127.0.0.1:9', secret },
      signingKey: newSigningKey(seededRandom(name)).privatePem,
    },
    ...{ data, agentVersion: '0.1.0' },
  });
}

const eventsOf = async (name: string): Promise<TraceEvent[]> => {
  const journal = await openJournal({
    disk: await openFileDisk(join(folder, name, 'journal')),
    ...{ clock: systemClock, random: seededRandom('read'), boot: '0'.repeat(16), identity, log: silentLog },
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  });
  const events: TraceEvent[] = [];
  for await (const event of journal.replay()) events.push(event);
  await journal.close();
  return events;
};

const phaseAt = async (kiosk: string): Promise<string> => {
  const state = (await (await fetch(`${kiosk}/api/state`)).json()) as {
    phase: { name?: string; kind?: string } | string;
  };
  return JSON.stringify(state.phase);
};

/**
 * What the agent concluded, without times and confidence: who took and returned what, and what is inside. An agent
 * on a busy machine may still count when the badge comes: what it counted stands beside what people did.
 */
const conclusions = (events: readonly TraceEvent[]) => {
  const isCount = ({ kind }: TraceEvent): boolean => kind === 'inventory.settled';
  return {
    visits: events.filter((event) => !isCount(event)).flatMap(conclusionOf),
    counts: events.filter(isCount).flatMap(conclusionOf),
  };
};

const conclusionOf = (event: TraceEvent): unknown[] => {
  const { kind, actor, asset } = event;
  if (kind === 'asset.checked_out') return [[kind, actor, asset, event.data.authority, event.data.disputed]];
  if (kind === 'asset.returned') return [[kind, actor, asset, event.data.disputed]];
  if (kind === 'session.closed') return [[kind, actor, event.data.outcome, event.data.taken, event.data.returned]];
  if (kind === 'inventory.settled') return [[kind, event.data.trigger, [...event.data.present].sort()]];
  return /^(badge|door|session)\./.test(kind) ? [[kind, actor]] : [];
};

describe('a replayed trace', () => {
  it('brings another agent to the same conclusions', { timeout: 90_000 }, async () => {
    const links = join(folder, 'links');
    const traceFile = join(folder, 'shift.trace');
    const file = cabinetFile.parse({
      ...{ name: 'B1', doors: [{ id: 1, swingMs: 0 }] },
      tags: [wrench, torch].map((epc, i) => ({ epc, antenna: i + 1 })),
    });
    const served = await serveCabinet({ file, controlPort: 0, linksFolder: links }, { clock: systemClock });
    const recorded = await startAgent('recorded', links, traceFile);
    const waitFor = (phase: string) =>
      vi.waitUntil(async () => (await phaseAt(recorded.kiosk)).includes(phase), { timeout: 20_000, interval: 50 });
    await waitFor('idle');
    served.cabinet.badgeReader.present(badge, 600);
    await waitFor('unlocked');
    const opens = (): boolean => {
      try {
        served.cabinet.openDoor(1, false);
        return true;
      } catch {
        return false;
      }
    };
    await vi.waitUntil(opens, { timeout: 5_000, interval: 50 });
    await waitFor('open');
    served.cabinet.placeTag({ epc: wrench, inside: false });
    await served.cabinet.pushDoor(1);
    await waitFor('receipt');
    await recorded.stop('test');
    await served.close();
    const truth = conclusions(await eventsOf('recorded'));
    expect(truth.visits).toContainEqual(['asset.checked_out', person, item(wrench, 4).asset, 'allowed', false]);

    const trace = readTrace(readFileSync(traceFile, 'utf8'));
    expect(trace.unreadable).toBe(0);
    const pointing = createLinks(links);
    let ended = false;
    const replay = startReplay({
      ...{ trace, clock: systemClock, openPort: () => openPty(systemClock) },
      onPath: (device, path) => pointing.point(device, path),
      onEnd: () => {
        ended = true;
      },
    });
    const second = await startAgent('replayed', links);
    await vi.waitUntil(() => ended, { timeout: 60_000, interval: 50 });
    await second.stop('test');
    replay.close();
    expect(conclusions(await eventsOf('replayed'))).toEqual(truth);
    expect(replay.counts().lock.known).toBeGreaterThan(20);
    expect(replay.counts().uhf.unknownBytes).toBe(0);
  });
});
