import { AppError, errorText } from '@tagtrail/shared/error.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { pino } from 'pino';
import { readConfig } from '../config.js';
import { openDatabase } from '../database/open-database.js';
import { openStore } from '../store/prisma.js';
import { readContractRecords } from './contract-records.js';

new Command('contracts')
  .description(
    'Prints what is left of customers that have left, one JSON object a line: name, end of the contract, the day until which the record is kept, and the signed receipt. Settings come from the environment, as for the cloud.',
  )
  .parse();

try {
  await run();
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  if (!(error instanceof AppError) || error.kind === 'bug') process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const config = readConfig(process.env, process.cwd());
  const database = await openDatabase({
    ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }),
    ...(config.databaseOwnerUrl === undefined ? {} : { ownerUrl: config.databaseOwnerUrl }),
    ...{ folder: config.dataFolder, clock: systemClock, random: systemRandom },
    log: pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true })),
    asGuest: true,
  });
  const store = openStore({ url: database.url, connections: 2 });
  try {
    for (const record of await readContractRecords(store)) process.stdout.write(`${JSON.stringify(record)}\n`);
  } finally {
    await store.close();
    await database.close();
  }
}
