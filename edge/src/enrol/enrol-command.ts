import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { isSecure } from '../doctor/broker-findings.js';
import { findingLines } from '../doctor/findings.js';
import { checkBroker } from '../doctor/site-checks.js';
import { createCredentialsFile } from './credentials-file.js';
import { enrolCabinet } from './enrol.js';
import { createPostJson } from './post-json.js';

interface Options {
  readonly cloud: string;
  readonly code: string;
  readonly out: string;
  readonly ca?: string;
}

export const enrolCommand = new Command('enrol')
  .description('Makes the key of this cabinet and gets its credentials for a one-time code.')
  .requiredOption('--cloud <url>', 'address of the cloud, such as https://tools.example')
  .requiredOption('--code <code>', 'the code that an administrator got for this cabinet; valid for 15 minutes, once')
  .requiredOption('--out <file>', 'where the credentials go, readable for this user only')
  .option('--ca <file>', 'certificates to trust for the cloud and its broker (PEM); those of the system when left out')
  .action(enrol);

async function enrol({ cloud, code, out, ca: caOption }: Options): Promise<void> {
  const path = resolve(out);
  const caFile = caOption === undefined ? null : resolve(caOption);
  const ca = caFile === null ? undefined : readCa(caFile);
  const file = createCredentialsFile(path);
  let credentials: CabinetCredentials;
  try {
    credentials = await enrolCabinet({ cloud, code, random: systemRandom, post: createPostJson(ca) });
    file.write(credentials);
  } catch (error) {
    file.drop();
    throw error;
  }
  const sentences = [
    `This is ${credentials.name} at ${credentials.site} (${credentials.cabinet}).`,
    `Its credentials are in ${path}; name that file in the settings and start the agent.`,
    ...(await wordsOnBroker(credentials.mqttUrl, caFile)),
  ];
  process.stdout.write(`${sentences.join('\n')}\n`);
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const text = `${path} (--ca) cannot be read: ${errorText(cause)}`;
    throw new AppError('enrol.ca_unreadable', text, { kind: 'operator', cause });
  }
}

/** Whoever stands at the cabinet now can mend what would keep the agent from its broker later. */
async function wordsOnBroker(mqttUrl: string, caFile: string | null): Promise<readonly string[]> {
  const trusted = isSecure(mqttUrl) ? caFile : null;
  const findings = await checkBroker(mqttUrl, trusted, systemClock.wallMs());
  const setting = trusted === null ? [] : [`Name ${trusted} as mqttCa in the settings.`];
  return [...setting, ...findings.flatMap(findingLines)];
}
