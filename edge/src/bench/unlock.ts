import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@tagtrail/shared/ids.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { sleep } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { parseEdgeConfig } from '../config.js';
import { openFileDisk } from '../journal/file-disk.js';
import { openJournal } from '../journal/journal.js';
import { badgeHash, indexRulebook } from '../rules/rulebook-index.js';
import { emptyBook } from '../session/book.js';
import { createCabinet } from '../session/cabinet.js';
import { printResult, rounded } from './measure.js';

// From the badge number that the badge reader confirmed to the command that the lock board is given:
// rules, session, journal and its sync to the disk under the folder where this is started. Beside it,
// in turn, what one append with fdatasync of the same disk takes without us; `ratio` is ours to that.
const runs = 500;
const random = seededRandom('bench unlock');
const at = systemClock.wallMs();
const badge = '0000000001';
const person = newId('person', at, random);
const identity = { tenant: newId('tenant', at, random), cabinet: newId('cabinet', at, random) };
const badgeKey = '0'.repeat(64);
const rulebook: Rulebook = {
  ...{ v: 1, version: 1, ...identity, issuedAt: new Date(at).toISOString(), badgeKey, items: [] },
  people: [{ person, displayName: 'Ada', language: 'en', status: 'active', validUntil: null, groups: [] }],
  badges: [{ hash: badgeHash(badgeKey, badge), person, status: 'active', validUntil: null }],
};
const config = parseEdgeConfig(
  '{ credentials: none, data: none, devices: { uhf: { path: a }, badge: { path: b }, lock: { path: c } }, session: { openWithinMs: 1 } }',
);

mkdirSync('.tagtrail', { recursive: true });
const folder = mkdtempSync(join(process.cwd(), '.tagtrail', 'bench-'));
const journal = await openJournal({
  disk: await openFileDisk(join(folder, 'journal')),
  ...{ clock: systemClock, random, boot: '0011223344556677', identity, log: silentLog },
  sha256: (data) => createHash('sha256').update(data).digest(),
});
const rules = indexRulebook(rulebook);
let present: (number: string) => void = () => {};
let sweep: () => void = () => {};
let unlocked: () => void = () => {};
const device = (start: () => void) => ({ start, close: async () => {} });
const ready = { status: 'ok', detail: null } as const;
const cabinet = createCabinet({
  ...{ config, recorder: journal, book: emptyBook, recovered: null, clock: systemClock, random, log: silentLog },
  rules: () => rules,
  onChange: () => {},
  devices: {
    uhf: (listener) => {
      sweep = listener.onRoundEnd;
      return device(() => listener.onReport(ready));
    },
    badge: (listener) => {
      present = listener.onBadge;
      return device(() => listener.onReport(ready));
    },
    lock: (listener) => ({
      ...device(() => {
        listener.onDoor(1, 'closed');
        listener.onReport(ready);
      }),
      unlock: async () => unlocked(),
    }),
  },
});

async function untilIdle(): Promise<void> {
  const isFree = (): boolean => {
    const { phase, owed } = cabinet.session.state;
    return phase.kind === 'idle' && owed === null;
  };
  while (!isFree()) {
    sweep();
    await sleep(systemClock, 'bench', 1);
  }
}

async function unlockOnce(): Promise<number> {
  await untilIdle();
  const began = systemClock.monotonicMs();
  await new Promise<void>((resolve) => {
    unlocked = resolve;
    present(badge);
  });
  return systemClock.monotonicMs() - began;
}

const plain = await open(join(folder, 'plain'), 'a');
const record = Buffer.alloc(400, 0x20);
async function syncOnce(): Promise<number> {
  const began = systemClock.monotonicMs();
  await plain.write(record);
  await plain.datasync();
  return systemClock.monotonicMs() - began;
}

const ours: number[] = [];
const alone: number[] = [];
try {
  cabinet.start();
  for (let run = 0; run < 20; run++) await unlockOnce();
  for (let run = 0; run < runs; run++) {
    ours.push(await unlockOnce());
    alone.push(await syncOnce());
  }
  await cabinet.stop();
  await journal.close();
} finally {
  await plain.close();
  rmSync(folder, { recursive: true, force: true });
}

function quantile(list: readonly number[], part: number): number {
  return rounded([...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * part)] ?? 0);
}

printResult({
  ...{ bench: 'edge:unlock', runs, p50Ms: quantile(ours, 0.5), p99Ms: quantile(ours, 0.99), mostMs: quantile(ours, 1) },
  ...{ syncP50Ms: quantile(alone, 0.5), syncP99Ms: quantile(alone, 0.99) },
  ratio: rounded(quantile(ours, 0.5) / quantile(alone, 0.5)),
});
process.exit(0);
