import { resolve } from 'node:path';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { Command } from 'commander';
import { createCredentialsFile } from './credentials-file.js';
import { enrolCabinet } from './enrol.js';

interface Options {
  readonly cloud: string;
  readonly code: string;
  readonly out: string;
}

export const enrolCommand = new Command('enrol')
  .description('Makes the key of this cabinet and gets its credentials for a one-time code.')
  .requiredOption('--cloud <url>', 'address of the cloud, such as https://tools.example')
  .requiredOption('--code <code>', 'the code that an administrator got for this cabinet; valid for 15 minutes, once')
  .requiredOption('--out <file>', 'where the credentials go, readable for this user only')
  .action(async ({ cloud, code, out }: Options) => {
    const path = resolve(out);
    const file = createCredentialsFile(path);
    try {
      const credentials = await enrolCabinet({ cloud, code, random: systemRandom, request: fetch });
      file.write(credentials);
      process.stdout.write(
        `This is ${credentials.name} at ${credentials.site} (${credentials.cabinet}).\n` +
          `Its credentials are in ${path}; name that file in the settings and start the agent.\n`,
      );
    } catch (error) {
      file.drop();
      throw error;
    }
  });
