import { silentLog } from '@tagtrail/shared/log/log.js';
import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { startBroker } from '../broker/broker.js';
import { connect } from '../database/connect.js';
import { createCabinetDirectory } from '../ingest/cabinet-directory.js';
import { createIngest } from '../ingest/ingest.js';
import type { Prisma } from '../store/prisma.js';
import { connectCabinet, type MqttCabinet, type SignedBytes, signedBytes } from '../testing/mqtt-cabinet.js';
import { freshUuid, lineEvent, makeAsset, makeCabinet, type TestCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase } from '../testing/test-database.js';
import { partsOfIngest } from './ingest-parts.js';
import { measured, type Spent } from './spent.js';

// Three sides in one run, on one table with its indexes, with the runtime role behind row-level security, each first
// with `warmUp` events that do not count and after one ANALYZE:
// - ingest: cabinets publish batches that were signed before the clock starts, one in flight each; it stops when the
//   last is acknowledged. In it are broker, decoding, chain and signature, leaves, projections, commits, and the
//   cabinets' MQTT clients, which run in this process too.
// - insert: the same rows once more, complete, for another customer: multi-row INSERT of 500 rows, each a transaction,
//   with the pg driver. Nothing else.
// - create: Prisma's create, one row at a time in transactions of 64; createAlone: each row a transaction of its own.
// `againstInsert`, `againstCreate` and `againstCreateAlone` are rates of ingest over theirs. `us` is for each event, in microseconds:
// `elapsed`, `process` (processor time of this process), `database` (that of its sessions in PostgreSQL).
const options = new Command()
  .option('--events <count>', 'events to send', '20000')
  .option('--cabinets <count>', 'cabinets that send at once', '32')
  .allowUnknownOption()
  .parse()
  .opts<{ events: string; cabinets: string }>();
const perBatch = 64;
const perVisit = 4;
const rowsTogether = 500;
const createdAtMost = 2_000;
const toolsOfCabinet = 20;
const warmUp = 4_096;
const createdToWarmUp = 512;

interface Sender {
  readonly cabinet: TestCabinet;
  readonly warmUp: readonly SignedBytes[];
  readonly timed: readonly SignedBytes[];
}

type Row = Record<string, unknown>;

const random = seededRandom('bench ingest');
const db = await startTestDatabase();
try {
  const senders = await fill(Number(options.events), Number(options.cabinets));
  const tenant = senders[0]?.cabinet.tenant ?? '';
  const ingest = await sendAll(senders);
  const insert = await insertAgain(tenant);
  const create = await createAgain(tenant, perBatch);
  const createAlone = await createAgain(tenant, 1);
  const result = {
    ...{ events: ingest.events, warmUp },
    ...{ ingestPerS: rateOf(ingest), insertPerS: rateOf(insert), createPerS: rateOf(create) },
    createAlonePerS: rateOf(createAlone),
    againstInsert: Number((insert.us.elapsed / ingest.us.elapsed).toFixed(2)),
    againstCreate: Number((create.us.elapsed / ingest.us.elapsed).toFixed(1)),
    againstCreateAlone: Number((createAlone.us.elapsed / ingest.us.elapsed).toFixed(1)),
    us: { ingest: ingest.us, insert: insert.us, create: create.us, createAlone: createAlone.us },
    // Each alone and warm, on the batches of this run: where the time of the process goes.
    parts: partsOfIngest(senders.flatMap(({ cabinet, timed }) => timed.map(({ payload }) => ({ cabinet, payload })))),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await db.close();
}

function rateOf({ us }: Spent): number {
  return Math.round(1e6 / us.elapsed);
}

/** Cabinets with their tools and everything signed that they will send. */
async function fill(events: number, count: number): Promise<readonly Sender[]> {
  const place = await makeTenant(db.store);
  const senders: Sender[] = [];
  for (let which = 0; which < count; which++) {
    const cabinet = await makeCabinet(db.store, place, `C${which}`);
    const epcs: string[] = [];
    for (let tool = 0; tool < toolsOfCabinet; tool++) {
      const epc = `E2801170${String(which).padStart(6, '0')}${String(tool).padStart(10, '0')}`;
      await makeAsset(db.store, place.tenant, { epc });
      epcs.push(epc);
    }
    record(cabinet, epcs, Math.ceil((events + warmUp) / count / perVisit));
    const batches: SignedBytes[] = [];
    for (let from = 1; from <= cabinet.last; from += perBatch) {
      batches.push(signedBytes(cabinet, from, Math.min(cabinet.last, from + perBatch - 1)));
    }
    const warm = Math.ceil(warmUp / count / perBatch);
    senders.push({ cabinet, warmUp: batches.slice(0, warm), timed: batches.slice(warm) });
  }
  return senders;
}

function record(cabinet: TestCabinet, epcs: readonly string[], visits: number): void {
  const people = Array.from({ length: 20 }, () => freshUuid());
  for (let visit = 0; visit < visits; visit++) {
    const at = new Date(systemClock.wallMs() - 3_600_000 + visit * 10).toISOString();
    const line = {
      ...{ at, session: freshUuid(), actor: people[visit % people.length] as string },
      epc: epcs[below(random, epcs.length)] as string,
    };
    const base = lineEvent('asset.checked_out', line);
    const outcome = { outcome: 'settled', taken: 1, returned: 1, disputed: 0, elapsedMs: 5 };
    cabinet.record(
      { ...base, kind: 'session.opened', data: { door: 1, signed: true } },
      base,
      lineEvent('asset.returned', line),
      { ...base, kind: 'session.closed', data: outcome },
    );
  }
}

/** From the first batch sent to the last one acknowledged. */
async function sendAll(senders: readonly Sender[]): Promise<Spent> {
  const directory = createCabinetDirectory(db.store, systemClock);
  const ingest = createIngest({
    ...{ store: db.store, clock: systemClock, random: systemRandom, log: silentLog },
    send: (topic, body) => broker.publish(topic, body, { retain: false }),
  });
  const broker = await startBroker({
    ...{ port: 0, host: '127.0.0.1', clock: systemClock, log: silentLog },
    findAccount: (address) => directory.find(address),
    onMessage: (topic, payload) => void ingest.receive(topic, payload),
    onForbidden: () => {},
  });
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const clients = await Promise.all(senders.map(({ cabinet }) => connectCabinet(url, cabinet)));
  const deliverAll = async (client: MqttCabinet, batches: readonly SignedBytes[]): Promise<void> => {
    for (const batch of batches) await client.deliverSigned(batch);
  };
  await Promise.all(clients.map((client, which) => deliverAll(client, senders[which]?.warmUp ?? [])));
  await analyze();
  const warmed = ingest.counts().events.accepted;
  const sent = senders.reduce((sum, { cabinet }) => sum + cabinet.last, 0);
  const spent = await measured(db.adminUrl, sent - warmed, async () => {
    await Promise.all(clients.map((client, which) => deliverAll(client, senders[which]?.timed ?? [])));
  });
  for (const client of clients) await client.close();
  await ingest.close();
  await broker.close();
  const { accepted } = ingest.counts().events;
  if (accepted !== sent) throw new TypeError(`${sent} events were sent and ${accepted} accepted`);
  return spent;
}

/** What autovacuum does beside a cloud that runs for longer: all sides plan with what is there. */
async function analyze(): Promise<void> {
  const owner = await connect(db.ownerUrl);
  await owner.query('analyze');
  await owner.end();
}

async function insertAgain(tenant: string): Promise<Spent> {
  const client = await connect(db.url);
  try {
    await client.query(`select set_config('app.tenant', $1, false)`, [tenant]);
    const { rows } = await client.query<Row>('select * from entry where tenant_id = $1 order by index', [tenant]);
    const other = freshUuid();
    await client.query(`select set_config('app.tenant', $1, false)`, [other]);
    const columns = Object.keys(rows[0] ?? {});
    const plain = rows.map((row) => columns.map((column) => (column === 'tenant_id' ? other : row[column])));
    const insert = async (values: readonly (readonly unknown[])[]): Promise<void> => {
      for (let from = 0; from < values.length; from += rowsTogether) {
        const part = values.slice(from, from + rowsTogether);
        const places = part.map(
          (row, at) => `(${row.map((_, column) => `$${at * columns.length + column + 1}`).join()})`,
        );
        await client.query(`insert into entry (${columns.join()}) values ${places.join()}`, part.flat());
      }
    };
    await insert(plain.slice(0, warmUp));
    return await measured(db.adminUrl, plain.length - warmUp, () => insert(plain.slice(warmUp)));
  } finally {
    await client.end();
  }
}

async function createAgain(tenant: string, together: number): Promise<Spent> {
  const other = freshUuid();
  const rows = await db.store.readTenant(tenant, (tx) =>
    tx.entry.findMany({ orderBy: { index: 'asc' }, take: createdAtMost + createdToWarmUp }),
  );
  const drafts = rows.map((row) => ({ ...row, tenantId: other }) as Prisma.EntryCreateManyInput);
  const create = async (lines: readonly Prisma.EntryCreateManyInput[]): Promise<void> => {
    for (let from = 0; from < lines.length; from += together) {
      await db.store.withTenant(other, async (tx) => {
        for (const data of lines.slice(from, from + together)) await tx.entry.create({ data });
      });
    }
  };
  await create(drafts.slice(0, createdToWarmUp));
  return await measured(db.adminUrl, drafts.length - createdToWarmUp, () => create(drafts.slice(createdToWarmUp)));
}
