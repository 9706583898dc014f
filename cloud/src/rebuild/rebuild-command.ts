import { AppError, errorText } from '@tagtrail/shared/error.js';
import { idFromUuid, isId, uuidFromId } from '@tagtrail/shared/ids.js';
import { Command } from 'commander';
import { readConfig } from '../config.js';
import { withStoreBesideCloud } from '../database/store-beside-cloud.js';
import { rebuildAll } from './rebuild-all.js';

interface Flags {
  readonly tenant?: string;
  readonly check: boolean;
}

const program = new Command('rebuild')
  .description(
    'Folds the trail of customers anew into custody, sessions and cabinet states. Settings come from the environment, as for the cloud.',
  )
  .option('--tenant <id>', 'this customer only (tenant_...)')
  .option('--check', 'compare only: change nothing, and end with 1 when something differs', false)
  .parse();

try {
  await run(program.opts<Flags>());
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  if (!(error instanceof AppError) || error.kind === 'bug') process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}

async function run({ tenant, check }: Flags): Promise<void> {
  if (tenant !== undefined && !isId('tenant', tenant)) {
    throw new AppError('rebuild.tenant_unreadable', `${tenant} is not the id of a customer (tenant_...).`, {
      kind: 'operator',
    });
  }
  const name = (uuid: string): string => idFromUuid('tenant', uuid);
  const equal = await withStoreBesideCloud(readConfig(process.env, process.cwd()), async (store) => {
    const tenants = tenant === undefined ? await store.tenants() : [uuidFromId('tenant', tenant)];
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    return await rebuildAll({ store, say, name }, tenants, check);
  });
  if (check && !equal) process.exitCode = 1;
}
