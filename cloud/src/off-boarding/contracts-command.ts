import { AppError, errorText } from '@tagtrail/shared/error.js';
import { Command } from 'commander';
import { readConfig } from '../config.js';
import { withStoreBesideCloud } from '../database/store-beside-cloud.js';
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
  await withStoreBesideCloud(readConfig(process.env, process.cwd()), async (store) => {
    const records = await readContractRecords(store);
    if (records.length === 0) process.stderr.write('No customer has left, or the days of their records are over.\n');
    for (const record of records) process.stdout.write(`${JSON.stringify(record)}\n`);
  });
}
