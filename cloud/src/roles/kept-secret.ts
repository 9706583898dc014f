import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';

/** The secrets that the cloud makes once, each a file of the data folder; all of them belong to a backup. */
export const keptSecrets = ['auth-secret', 'log-secret', 'cabinet-secret'] as const;
export type KeptSecret = (typeof keptSecrets)[number];

/**
 * A secret that is made once in the data folder and outlives restarts: of the sign-in cookies, so
 * that nobody is signed out by one, and of the keys that sign the trail and what goes to cabinets.
 */
export async function keptSecret(folder: string, name: KeptSecret, random: Random): Promise<string> {
  const path = join(folder, name);
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept.length >= 32) return kept;
  const secret = Buffer.from(randomBytes(random, 32)).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(path, secret, { mode: 0o600 });
  return secret;
}
