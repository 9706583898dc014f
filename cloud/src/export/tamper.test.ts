import type { Trusted } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { below } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportedTrail, makeExportedTrail } from '../testing/exported-trail.js';
import { attacks } from '../testing/tamper.js';
import { startTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { verifyText } from '../testing/test-export.js';

const seed = 'tamper';
const timesEach = 3;

describe('a tampered export', () => {
  let db: TestDatabase;
  let trail: ExportedTrail;
  beforeAll(async () => {
    db = await startTestDatabase();
    trail = await makeExportedTrail(db.store, { visits: 130, random: seededRandom(seed) });
  });
  afterAll(async () => {
    await db.close();
  });

  const verify = (lines: readonly string[], kept: Trusted['checkpoints']) =>
    verifyText(`${lines.join('\n')}\n`, { keys: [trail.signer.key], checkpoints: kept });

  it('is one that verifies before anybody touches it', async () => {
    const report = await verify(trail.lines, []);
    expect([report.problems, report.entries > 256]).toEqual([[], true]);
    expect(report.custody).toEqual({ checked: 12, unknown: 0 });
    expect((await verify(trail.earlier, [])).problems).toEqual([]);
  });

  it.each(Object.keys(attacks))('is found out when somebody %s', async (name) => {
    const random = seededRandom(`${seed} ${name} ${below(seededRandom(seed), 1000)}`);
    for (let time = 0; time < timesEach; time++) {
      const { lines, kept } = attacks[name]?.(trail, random) ?? { lines: [], kept: [] };
      const report = await verify(lines, kept);
      const different = lines.filter((line, at) => line !== trail.lines[at]).slice(0, 2);
      expect([report.ok, report.ok ? different : []]).toEqual([false, []]);
    }
  });
});
