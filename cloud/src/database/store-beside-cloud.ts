import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { pino } from 'pino';
import type { CloudConfig } from '../config.js';
import { openStore, type Store } from '../store/prisma.js';
import { openDatabase } from './open-database.js';

/**
 * What a command does with the database that these settings name, as a guest of a cloud that may be running on it.
 * The log goes to the standard error, so that the standard output is the command's own.
 * @throws what `openDatabase` and `act` throw; both ends are closed by then.
 */
export async function withStoreBesideCloud<T>(config: CloudConfig, act: (store: Store) => Promise<T>): Promise<T> {
  const database = await openDatabase({
    ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }),
    ...(config.databaseOwnerUrl === undefined ? {} : { ownerUrl: config.databaseOwnerUrl }),
    ...{ folder: config.dataFolder, clock: systemClock, random: systemRandom },
    log: pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true })),
    asGuest: true,
  });
  const store = openStore({ url: database.url, connections: 2 });
  try {
    return await act(store);
  } finally {
    await store.close();
    await database.close();
  }
}
