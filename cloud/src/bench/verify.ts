import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Command } from 'commander';
import { verifyFile } from '../export/verify-file.js';
import { exportTrailTo } from '../testing/exported-trail.js';
import { startTestDatabase } from '../testing/test-database.js';

// A trail that went through ingest, the sealer and the export of a real database is verified from its file, as
// "npm run verify" does it. Beside it, in the same run, reading the file and hashing its bytes once; `ratio` is the
// verification to that. `millionS` is what a million such entries would take at this speed.
const options = new Command()
  .option('--entries <count>', 'entries of the trail', '20000')
  .allowUnknownOption()
  .parse()
  .opts<{ entries: string }>();
const random = seededRandom('bench verify');
const folder = await mkdtemp(join(tmpdir(), 'tagtrail-verify-'));
const db = await startTestDatabase();
try {
  const file = join(folder, 'trail.ndjson');
  const visits = Math.ceil(Number(options.entries) / 2);
  const key = await exportTrailTo(db.store, { visits, random }, (pieces) =>
    pipeline(Readable.from(pieces), createWriteStream(file)),
  );
  const { size: bytes } = await stat(file);

  const began = systemClock.monotonicMs();
  const report = await verifyFile(file, { trusted: { keys: [key], checkpoints: [] } });
  const seconds = (systemClock.monotonicMs() - began) / 1000;
  const hashBegan = systemClock.monotonicMs();
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  hash.digest();
  const hashSeconds = (systemClock.monotonicMs() - hashBegan) / 1000;
  const result = {
    ok: report.ok,
    entries: report.entries,
    bytes,
    seconds: round(seconds),
    millionS: round((seconds / report.entries) * 1_000_000),
    ratio: round(seconds / hashSeconds),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = report.ok ? 0 : 1;
} finally {
  await db.close();
  await rm(folder, { recursive: true, force: true });
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
