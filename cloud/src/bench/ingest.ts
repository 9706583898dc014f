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
import { connectCabinet } from '../testing/mqtt-cabinet.js';
import { freshUuid, lineEvent, makeAsset, makeCabinet, type TestCabinet } from '../testing/test-cabinet.js';
import { makeTenant, startTestDatabase } from '../testing/test-database.js';

// Cabinets send signed batches over MQTT, one in flight each, and wait until they are committed: row-level security,
// projections, leaves. The cabinets' side runs in this process too. Beside it, in the same run on the same table and
// indexes, the same rows once more for another customer: (a) by multi-row INSERT of 500 rows with the pg driver,
// (b) by Prisma's create, one row at a time in transactions of 64. `againstInsert` and `againstCreate` are rates of
// ingest over theirs.
const options = new Command()
  .option('--events <count>', 'events to send', '20000')
  .option('--cabinets <count>', 'cabinets that send at once', '8')
  .allowUnknownOption()
  .parse()
  .opts<{ events: string; cabinets: string }>();
const perBatch = 64;
const perVisit = 4;
const rowsTogether = 500;
const createdAtMost = 2_000;
const toolsOfCabinet = 20;

const random = seededRandom('bench ingest');
const db = await startTestDatabase();
try {
  const cabinets = await fill(Number(options.events), Number(options.cabinets));
  const ingestRate = await sendAll(cabinets);
  const tenant = cabinets[0]?.tenant ?? '';
  const insertRate = await insertAgain(tenant);
  const createRate = await createAgain(tenant);
  const result = {
    events: cabinets.reduce((sum, { last }) => sum + last, 0),
    ingestPerS: Math.round(ingestRate),
    insertPerS: Math.round(insertRate),
    createPerS: Math.round(createRate),
    againstInsert: Number((ingestRate / insertRate).toFixed(2)),
    againstCreate: Number((ingestRate / createRate).toFixed(2)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await db.close();
}

/** Cabinets with their tools and everything recorded that they will send. */
async function fill(events: number, count: number): Promise<readonly TestCabinet[]> {
  const place = await makeTenant(db.store);
  const cabinets: TestCabinet[] = [];
  for (let which = 0; which < count; which++) {
    const cabinet = await makeCabinet(db.store, place, `C${which}`);
    const epcs: string[] = [];
    for (let tool = 0; tool < toolsOfCabinet; tool++) {
      const epc = `E2801170${String(which).padStart(6, '0')}${String(tool).padStart(10, '0')}`;
      await makeAsset(db.store, place.tenant, { epc });
      epcs.push(epc);
    }
    const people = Array.from({ length: 20 }, () => freshUuid());
    for (let visit = 0; visit < events / count / perVisit; visit++) {
      const at = new Date(systemClock.wallMs() - 3_600_000 + visit * 10).toISOString();
      const line = {
        ...{ at, session: freshUuid(), actor: people[visit % people.length] as string },
        epc: epcs[below(random, epcs.length)] as string,
      };
      const base = lineEvent('asset.checked_out', line);
      cabinet.record(
        { ...base, kind: 'session.opened', data: { door: 1, signed: true } },
        base,
        lineEvent('asset.returned', line),
        {
          ...base,
          kind: 'session.closed',
          data: { outcome: 'settled', taken: 1, returned: 1, disputed: 0, elapsedMs: 5 },
        },
      );
    }
    cabinets.push(cabinet);
  }
  return cabinets;
}

/** Events in a second from the first batch sent to the last one acknowledged. */
async function sendAll(cabinets: readonly TestCabinet[]): Promise<number> {
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
  const clients = await Promise.all(
    cabinets.map((cabinet) => connectCabinet(`mqtt://127.0.0.1:${broker.port}`, cabinet)),
  );
  const began = systemClock.monotonicMs();
  await Promise.all(
    clients.map(async (client, which) => {
      const { last } = cabinets[which] as TestCabinet;
      for (let from = 1; from <= last; from += perBatch) {
        await client.deliver(from, Math.min(last, from + perBatch - 1));
      }
    }),
  );
  const seconds = (systemClock.monotonicMs() - began) / 1000;
  for (const client of clients) await client.close();
  await ingest.close();
  await broker.close();
  const sent = cabinets.reduce((sum, { last }) => sum + last, 0);
  const { accepted } = ingest.counts().events;
  if (accepted !== sent) throw new TypeError(`${sent} events were sent and ${accepted} accepted`);
  return sent / seconds;
}

type Row = Record<string, unknown>;

async function insertAgain(tenant: string): Promise<number> {
  const client = await connect(db.url);
  try {
    await client.query(`select set_config('app.tenant', $1, false)`, [tenant]);
    const { rows } = await client.query<Row>('select * from entry where tenant_id = $1 order by index', [tenant]);
    const other = freshUuid();
    await client.query(`select set_config('app.tenant', $1, false)`, [other]);
    const columns = Object.keys(rows[0] ?? {});
    const plain = rows.map((row) => columns.map((column) => (column === 'tenant_id' ? other : row[column])));
    const began = systemClock.monotonicMs();
    for (let from = 0; from < plain.length; from += rowsTogether) {
      const part = plain.slice(from, from + rowsTogether);
      const places = part.map(
        (row, at) => `(${row.map((_, column) => `$${at * columns.length + column + 1}`).join()})`,
      );
      await client.query(`insert into entry (${columns.join()}) values ${places.join()}`, part.flat());
    }
    return plain.length / ((systemClock.monotonicMs() - began) / 1000);
  } finally {
    await client.end();
  }
}

async function createAgain(tenant: string): Promise<number> {
  const other = freshUuid();
  const rows = await db.store.readTenant(tenant, (tx) =>
    tx.entry.findMany({ orderBy: { index: 'asc' }, take: createdAtMost }),
  );
  const drafts = rows.map((row) => ({ ...row, tenantId: other }) as Prisma.EntryCreateManyInput);
  const began = systemClock.monotonicMs();
  for (let from = 0; from < drafts.length; from += perBatch) {
    await db.store.withTenant(other, async (tx) => {
      for (const data of drafts.slice(from, from + perBatch)) await tx.entry.create({ data });
    });
  }
  return drafts.length / ((systemClock.monotonicMs() - began) / 1000);
}
