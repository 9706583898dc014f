import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { Command } from 'commander';
import { makeExportedTrail } from '../testing/exported-trail.js';
import { attacks } from '../testing/tamper.js';
import { startTestDatabase } from '../testing/test-database.js';
import { verifyText } from '../testing/test-export.js';

// Random edits of an export that went through ingest, the sealer and a real database; each must be found. The small
// trail has an incomplete tile only, the edits of tiles are made on the larger one.
const options = new Command()
  .option('--edits <count>', 'edits to make', '10000')
  .option('--seed <text>', 'another seed makes other edits', '1')
  .allowUnknownOption()
  .parse()
  .opts<{ edits: string; seed: string }>();
const random = seededRandom(`bench tamper ${options.seed}`);
const db = await startTestDatabase();
try {
  const small = await makeExportedTrail(db.store, { visits: 24, random });
  const large = await makeExportedTrail(db.store, { visits: 130, random });
  const names = Object.keys(attacks);
  const missed: string[] = [];
  const injected = Number(options.edits);
  for (let edit = 0; edit < injected; edit++) {
    const name = names[edit % names.length] as string;
    const trail = /tile/.test(name) || below(random, 20) === 0 ? large : small;
    const { lines, kept } = attacks[name]?.(trail, random) ?? { lines: trail.lines, kept: [] };
    const report = await verifyText(`${lines.join('\n')}\n`, { keys: [trail.signer.key], checkpoints: kept });
    if (report.ok) missed.push(name);
  }
  process.stdout.write(
    `${JSON.stringify({ injected, found: injected - missed.length, attacks: names.length, missed })}\n`,
  );
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  await db.close();
}
