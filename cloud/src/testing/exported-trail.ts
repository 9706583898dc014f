import { assert } from '@tagtrail/shared/assert.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { chance, type Random } from '@tagtrail/shared/random/random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { prepareExport } from '../export/prepare-export.js';
import { awaitCheckpoint, type Read, writeExport } from '../export/write-export.js';
import { createIngest } from '../ingest/ingest.js';
import { type LogSigner, logSigner } from '../proof/log-key.js';
import { sealTenant } from '../proof/seal.js';
import type { Store } from '../store/prisma.js';
import { appendCloudEvent } from '../store/trail.js';
import { freshUuid, inventoryEvent, lineEvent, makeAsset, makeCabinet, type TestCabinet } from './test-cabinet.js';
import { makeTenant } from './test-database.js';

/** A customer with a trail of its own, exported twice: after half of the visits and after all of them. */
export interface ExportedTrail {
  readonly tenant: string;
  readonly signer: LogSigner;
  readonly earlier: readonly string[];
  /** The lines of the last export. */
  readonly lines: readonly string[];
  /** The signed checkpoint of the last export. */
  readonly note: string;
}

const tools = 12;
const epcOf = (tool: number): string => `E2801170000000000000${tool.toString(16).toUpperCase().padStart(4, '0')}`;

export interface TrailOptions {
  /** Takes and returns in the trail, at two cabinets. */
  readonly visits: number;
  readonly random: Random;
}

export async function makeExportedTrail(store: Store, { visits, random }: TrailOptions): Promise<ExportedTrail> {
  const work = await beginTrail(store, random);
  const { clock, tenant, signer } = work;
  await visit({ ...work, from: 0, to: Math.floor(visits / 2) });
  const earlier = await linesNow(work);
  await clock.advance(60_000);
  await visit({ ...work, from: Math.floor(visits / 2), to: visits });
  const lines = await linesNow(work);
  const header = JSON.parse(lines[0] ?? '{}') as { checkpoint?: string };
  assert(header.checkpoint !== undefined, 'an export has a checkpoint');
  return { tenant, signer, earlier, lines, note: header.checkpoint };
}

/**
 * The same trail, exported once and handed on piece by piece: the text of a million entries is longer than a string
 * of the engine may be.
 *
 * @returns the public key that its checkpoints are verified with.
 */
export async function exportTrailTo(
  store: Store,
  { visits, random }: TrailOptions,
  write: (pieces: AsyncIterable<string>) => Promise<void>,
): Promise<LogSigner['key']> {
  const work = await beginTrail(store, random);
  await visit({ ...work, from: 0, to: visits });
  await write(piecesNow(work));
  return work.signer.key;
}

async function beginTrail(store: Store, random: Random): Promise<Work> {
  const clock = new VirtualClock(Date.UTC(2026, 0, 6));
  const place = await makeTenant(store);
  const { tenant } = place;
  const signer = logSigner('the secret of a trail that tests are made with', tenant);
  const cabinets = [await makeCabinet(store, place, 'C1'), await makeCabinet(store, place, 'C2')];
  for (let tool = 0; tool < tools; tool++) {
    const asset = await makeAsset(store, tenant, { epc: epcOf(tool) });
    const event = { tenant, at: new Date(clock.wallMs()).toISOString(), assetId: asset } as const;
    await store.withTenant(tenant, (tx) =>
      appendCloudEvent(tx, { ...event, kind: 'tag.bound', data: { epc: epcOf(tool), replaces: null } }),
    );
  }
  return { store, clock, random, cabinets, tenant, signer };
}

interface Work {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly cabinets: readonly TestCabinet[];
  readonly tenant: string;
  readonly signer: LogSigner;
}

async function visit({ store, clock, random, cabinets, from, to }: Work & { from: number; to: number }): Promise<void> {
  const ingest = createIngest({ store, clock, random, log: silentLog, send: async () => {} });
  for (const [which, cabinet] of cabinets.entries()) {
    const first = cabinet.last + 1;
    const at = (step: number): string => new Date(Date.UTC(2026, 0, 5, 6) + step * 60_000).toISOString();
    const inside = Array.from({ length: tools / 2 }, (_, tool) => epcOf(tool * 2 + which));
    cabinet.record(inventoryEvent(at(from), inside));
    for (let step = from; step < to; step++) {
      const who = { at: at(step), actor: freshUuid(), session: freshUuid() };
      const kind = chance(random, 1, 2) ? 'asset.checked_out' : 'asset.returned';
      // The last tool of each cabinet is only ever seen.
      cabinet.record(lineEvent(kind, { ...who, epc: inside[step % (inside.length - 1)] as string }));
    }
    for (let begin = first; begin <= cabinet.last; begin += 400) {
      const batch = cabinet.batch(begin, Math.min(cabinet.last, begin + 399));
      await ingest.receive(cabinet.topic('events'), Buffer.from(JSON.stringify(batch)));
    }
  }
  await ingest.close();
}

async function linesNow(work: Work): Promise<readonly string[]> {
  let text = '';
  for await (const piece of piecesNow(work)) text += piece;
  return text.slice(0, -1).split('\n');
}

/** An export of everything, as an administrator gets it. */
async function* piecesNow({ store, clock, tenant, signer }: Work): AsyncGenerator<string> {
  const atMs = clock.wallMs();
  const scope = { tenantId: tenant, userId: freshUuid(), role: 'admin', siteIds: null } as const;
  const seal = () => store.withTenant(tenant, (tx) => sealTenant(tx, { tenant, atMs }, signer));
  while ((await seal()) !== undefined) {}
  const prepared = await store.withTenant(tenant, (tx) => prepareExport({ tx, scope, atMs }, {}));
  while ((await seal()) !== undefined) {}
  const read: Read = (work) => store.readTenant(tenant, work);
  const checkpoint = await awaitCheckpoint(read, prepared, clock);
  yield* writeExport(read, prepared, checkpoint);
}
