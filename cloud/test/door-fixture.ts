import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { type Broker, startBroker } from '../src/broker/broker.js';
import { createCabinetDirectory } from '../src/ingest/cabinet-directory.js';
import { createIngest, type Ingest } from '../src/ingest/ingest.js';
import { makeCabinet, type TestCabinet } from '../src/testing/test-cabinet.js';
import { makeTenant, startTestDatabase, type TestDatabase, type TestTenant } from '../src/testing/test-database.js';

/** The embedded broker before ingest before a real database: where everything comes in that cabinets send. */
export interface DoorFixture {
  readonly db: TestDatabase;
  readonly broker: Broker;
  readonly ingest: Ingest;
  /** What went down to cabinets since the last `anew`. */
  readonly sent: Record<string, unknown>[];
  /** A customer with one cabinet. */
  anew(): Promise<Visitor>;
  close(): Promise<void>;
}

export interface Visitor {
  readonly place: TestTenant;
  readonly cabinet: TestCabinet;
  /** Gives a message to ingest as if `from` had sent it. */
  give(from: TestCabinet, message: unknown): Promise<void>;
  /** The kinds of the customer's lines, oldest first. */
  kinds(): Promise<string[]>;
  /** The reasons for which something was set aside, oldest first. */
  suspects(): Promise<string[]>;
}

export async function startDoor(): Promise<DoorFixture> {
  const db = await startTestDatabase();
  const sent: Record<string, unknown>[] = [];
  const common = { clock: systemClock, random: systemRandom, log: silentLog };
  const directory = createCabinetDirectory(db.store, systemClock);
  const ingest = createIngest({
    ...{ ...common, store: db.store },
    send: async (topic, body) => {
      sent.push(JSON.parse(body) as Record<string, unknown>);
      await broker.publish(topic, body, { retain: false });
    },
  });
  const broker: Broker = await startBroker({
    ...{ ...common, port: 0, host: '127.0.0.1' },
    findAccount: (of) => directory.find(of),
    onMessage: (topic, payload) => void ingest.receive(topic, payload),
    onUnknown: (of) => void ingest.knocked(of),
    onForbidden: (of, what) => void ingest.refuse(of, 'forbidden', what),
  });
  return {
    ...{ db, broker, ingest, sent },
    anew: async () => {
      sent.length = 0;
      const place = await makeTenant(db.store);
      const cabinet = await makeCabinet(db.store, place);
      return { place, cabinet, ...readers(db, ingest, place.tenant) };
    },
    close: async () => {
      await broker.close();
      await ingest.close();
      await db.close();
    },
  };
}

function readers(
  { store }: TestDatabase,
  ingest: Ingest,
  tenant: string,
): Pick<Visitor, 'give' | 'kinds' | 'suspects'> {
  return {
    give: (from, message) => {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      return ingest.receive(from.topic('events'), Buffer.from(text));
    },
    kinds: async () => {
      const rows = await store.readTenant(tenant, (tx) => tx.entry.findMany({ orderBy: { index: 'asc' } }));
      return rows.map(({ kind }) => kind);
    },
    suspects: async () => {
      const rows = await store.readTenant(tenant, (tx) => tx.quarantine.findMany({ orderBy: { id: 'asc' } }));
      return rows.map(({ reason }) => reason);
    },
  };
}
