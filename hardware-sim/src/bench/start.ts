import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { freePorts } from '../start/ports.js';
import { startSystem, waitUntilUsable } from '../start/system.js';

// Seconds from nothing to every cabinet online, on an empty data folder and again on the same one.
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const folder = mkdtempSync(join(tmpdir(), 'tagtrail-bench-'));
chmodSync(folder, 0o755);

async function startOnce(): Promise<number> {
  const [port = 0, mqttPort = 0] = await freePorts(2);
  const began = systemClock.monotonicMs();
  const system = await startSystem(
    {
      root,
      data: join(folder, 'tagtrail'),
      port,
      mqttPort,
      fresh: false,
      shift: false,
      cloudEnvironment: {},
    },
    { clock: systemClock, say: () => {}, environment: process.env },
  );
  await waitUntilUsable(system, systemClock, 30_000);
  const seconds = (systemClock.monotonicMs() - began) / 1000;
  await system.stop();
  return Number(seconds.toFixed(2));
}

try {
  const firstS = await startOnce();
  const againS = await startOnce();
  process.stdout.write(
    `${JSON.stringify({ bench: 'start', firstS, againS, ratio: Number((againS / firstS).toFixed(2)) })}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
