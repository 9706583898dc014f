import { createHash } from 'node:crypto';
import { assert } from '@tagtrail/shared/assert.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { connect } from '../database/connect.js';
import { readTimeline } from '../entries/timeline.js';
import type { Store } from '../store/prisma.js';
import { type Sql, sql, type Tx } from '../store/sql.js';
import { makeTenant, startTestDatabase } from '../testing/test-database.js';

// A year of one person's lines out of trails of several sizes, in databases of their own on one server. The lines lie
// in the partitions of thirteen months, about 200 people at work; each line has a chance of one in ten to name a
// second person. `first` is the newest page of people taken in turn, `walk` every page of single people's years; the
// sizes are read in turn too, so that what else the machine does falls on all of them.
const options = new Command()
  .option('--sizes <counts>', 'entries of each trail, smallest first', '1e4,1e5')
  .option('--reads <count>', 'first pages and pages of whole years read of each trail', '300')
  .option('--plan', 'print how the database reads a page of the largest trail')
  .allowUnknownOption()
  .parse()
  .opts<{ sizes: string; reads: string; plan?: boolean }>();
/** Parameters: tenant, site, entries, beginning of the year, people. Every multiplier is prime to what it divides into. */
const fillSql = `
  insert into entry (tenant_id, index, recorded_at, occurred_at, effective_at, kind, category, source, status, site_id,
    actor_id, counterpart_id, asset_id, session_id, log_id, seq, data)
  select $1::uuid, n, at, at, at, case when n % 2 = 0 then 'asset.checked_out' else 'asset.returned' end, 'custody',
    'cabinet', 'accepted', $2::uuid, md5('person ' || (n * 7919) % $5)::uuid,
    case when (n * 31) % 10 = 3 then md5('person ' || ((n / 10) * 6151 + 1) % $5)::uuid end,
    md5('asset ' || (n * 7907) % 2000)::uuid, md5('session ' || n / 4)::uuid, md5('log'), n + 1,
    jsonb_build_object('epc', upper(md5('tag ' || (n * 7907) % 2000)), 'name', 'Torque wrench', 'confidencePct', 99,
      'disputed', false, 'certainty', 'observed', 'authority', 'allowed', 'reason', null)
  from (select n, $4::timestamptz + n * (interval '365 days' / $3::int) as at from generate_series(0, $3::bigint - 1) n) line`;
const sizes = options.sizes.split(',').map(Number);
const people = 200;
/** The page that the API answers when nobody asks for another; every trail fills it. */
const limit = 50;
const dayMs = 86_400_000;
const nowMs = systemClock.wallMs();
const year = {
  from: new Date(nowMs - 365 * dayMs).toISOString(),
  to: new Date(nowMs).toISOString(),
};

interface Trail {
  readonly store: Store;
  readonly tenant: string;
  readonly entries: number;
  readonly firstMs: number[];
  readonly walkMs: number[];
  readonly yearMs: number[];
  lines: number;
}

const db = await startTestDatabase();
try {
  const trails: Trail[] = [];
  for (const entries of sizes) trails.push(await makeTrail(entries));
  for (let read = 0; read < people; read++) for (const trail of trails) await firstPage(trail, read);
  for (const { firstMs } of trails) firstMs.length = 0;
  for (let read = 0; read < Number(options.reads); read++) for (const trail of trails) await firstPage(trail, read);
  const walking = new Set(trails.map(walks));
  while (walking.size > 0) for (const one of walking) if ((await one.next()).done === true) walking.delete(one);
  const [smallest, largest] = [trails[0] as Trail, trails.at(-1) as Trail];
  if (options.plan === true) await printPlan(largest);
  const growth = (of: 'firstMs' | 'walkMs'): number =>
    round(quantile(largest[of], 0.95) / quantile(smallest[of], 0.95));
  const result = {
    trails: trails.map(figures),
    ...{ firstRatio: growth('firstMs'), walkRatio: growth('walkMs') },
    logRatio: round(Math.log(largest.entries) / Math.log(smallest.entries)),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await db.close();
}

function figures({ entries, lines, firstMs, walkMs, yearMs }: Trail) {
  return {
    ...{ entries, lines, pages: walkMs.length },
    ...{ firstP50Ms: round(quantile(firstMs, 0.5)), firstP95Ms: round(quantile(firstMs, 0.95)) },
    ...{ walkP50Ms: round(quantile(walkMs, 0.5)), walkP95Ms: round(quantile(walkMs, 0.95)) },
    yearMs: round(quantile(yearMs, 0.5)),
  };
}

/** A database with one trail, filled by the server's administrator past the wall, and its statistics. */
async function makeTrail(entries: number): Promise<Trail> {
  const { url, store } = await db.fresh();
  const { tenant, site } = await makeTenant(store, 'Bench');
  const admin = new URL(db.adminUrl);
  admin.pathname = new URL(url).pathname;
  const client = await connect(admin.href);
  try {
    await client.query(
      `select ensure_entry_partition($1::timestamptz - make_interval(months => back))
      from generate_series(0, 12) back`,
      [year.to],
    );
    await client.query(
      `insert into person (tenant_id, id, name)
      select $1::uuid, md5('person ' || n)::uuid, 'Person ' || n from generate_series(0, $2 - 1) n`,
      [tenant, people],
    );
    await client.query(
      `insert into asset (tenant_id, id, name)
      select $1::uuid, md5('asset ' || n)::uuid, 'Tool ' || n from generate_series(0, 1999) n`,
      [tenant],
    );
    await client.query(fillSql, [tenant, site, entries, year.from, people]);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  return { ...{ store, tenant, entries, lines: 0 }, ...{ firstMs: [], walkMs: [], yearMs: [] } };
}

async function firstPage(trail: Trail, read: number): Promise<void> {
  const { page, ms } = await readPage(trail, read % people, undefined);
  assert(page.data.length > 0, 'a person has no lines');
  trail.firstMs.push(ms);
}

/** One person's year after the other, a page at each step, until enough pages were read. */
async function* walks(trail: Trail): AsyncGenerator<void> {
  for (let person = 0; trail.walkMs.length < Number(options.reads); person++) yield* walk(trail, person);
}

/** Every page of a person's year, which must hold each of the person's lines once, newest first. */
async function* walk(trail: Trail, person: number): AsyncGenerator<void> {
  const indexes: number[] = [];
  let cursor: string | undefined;
  let yearMs = 0;
  do {
    const { page, ms } = await readPage(trail, person, cursor);
    indexes.push(...page.data.map(({ index }) => index));
    trail.walkMs.push(ms);
    yearMs += ms;
    cursor = page.next_cursor ?? undefined;
    yield;
  } while (cursor !== undefined);
  const id = personId(person);
  const [row] = await trail.store.readTenant(trail.tenant, (tx) =>
    tx.$queryRaw<{ lines: bigint }[]>(sql`
      select count(*) as lines from entry where actor_id = ${id}::uuid or counterpart_id = ${id}::uuid`),
  );
  assert(BigInt(indexes.length) === row?.lines, `${indexes.length} lines walked of ${row?.lines}`);
  assert(
    indexes.every((index, place) => place === 0 || index < (indexes[place - 1] as number)),
    'lines walked out of order',
  );
  trail.yearMs.push(yearMs);
  trail.lines = indexes.length;
}

async function readPage(trail: Trail, person: number, cursor: string | undefined) {
  const began = systemClock.monotonicMs();
  const page = await trail.store.readTenant(trail.tenant, (tx) => timelineOf(tx, trail, person, cursor));
  return { page, ms: systemClock.monotonicMs() - began };
}

function timelineOf(tx: Tx, { tenant }: Trail, person: number, cursor: string | undefined) {
  const scope = { tenantId: tenant, userId: 'bench', role: 'manager', siteIds: null } as const;
  const query = { ...year, limit, cursor };
  return readTimeline(tx, { scope, atMs: nowMs, of: { person: personId(person) }, query });
}

/** The plan of the very query that reads a page. */
async function printPlan(trail: Trail): Promise<void> {
  await trail.store.readTenant(trail.tenant, async (tx) => {
    const explained = async (query: Sql): Promise<unknown> => {
      const plan = await tx.$queryRaw<{ 'QUERY PLAN': string }[]>(sql`explain (analyze, buffers) ${query}`);
      process.stderr.write(`${plan.map((line) => line['QUERY PLAN']).join('\n')}\n\n`);
      return await tx.$queryRaw(query);
    };
    await timelineOf({ $queryRaw: explained } as unknown as Tx, trail, 0, undefined);
  });
}

function personId(person: number): string {
  const hex = createHash('md5').update(`person ${person}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
