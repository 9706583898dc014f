import type { App } from '../app.js';
import type { BackupJob } from '../backup/backup-job.js';
import type { CloudConfig } from '../config.js';
import type { Ingest } from '../ingest/ingest.js';
import { createFigures } from '../metrics/figures.js';
import type { HealthCheck } from '../metrics/health.js';
import { type MetricsServer, startMetricsServer } from '../metrics/metrics-server.js';
import type { Store } from '../store/prisma.js';
import type { LateLink } from './link.js';
import type { Jobs } from './start-jobs.js';

export interface StartMetricsOptions {
  readonly config: CloudConfig;
  readonly store: Store;
  readonly link: LateLink;
  /** False where the process has nothing to do with cabinets. */
  readonly meetsCabinets: boolean;
  readonly ingest: Ingest | undefined;
  readonly jobs: Jobs | undefined;
  /** Absent where none are taken by the clock. */
  readonly backups: BackupJob | undefined;
  readonly app: App | undefined;
}

/**
 * The figures and the health of what this process has; nothing without `METRICS_PORT`.
 * @throws AppError `cloud.port_taken`.
 */
export async function startMetrics(options: StartMetricsOptions): Promise<MetricsServer | undefined> {
  const { config, link, ingest, jobs, app } = options;
  if (config.metricsPort === undefined) return undefined;
  const live = app?.live;
  const figures = createFigures({
    stages: {
      ...(ingest === undefined
        ? {}
        : {
            broker: () => link.book(),
            ingest_messages: () => ingest.books().messages,
            ingest_events: () => ingest.books().events,
          }),
      ...(live === undefined
        ? {}
        : { live_notices: () => live.books().notices, live_watches: () => live.books().watches }),
      ...(app === undefined ? {} : { api: () => app.book() }),
    },
    ...(live === undefined ? {} : { liveConnections: () => live.connections }),
    ...(jobs === undefined ? {} : { stalled: () => jobs.stalled() }),
  });
  return await startMetricsServer({
    port: config.metricsPort,
    host: config.metricsHost,
    figures,
    checks: checksOf(options),
  });
}

function checksOf({ store, link, meetsCabinets, jobs, backups }: StartMetricsOptions): readonly HealthCheck[] {
  const checks: HealthCheck[] = [
    {
      name: 'database',
      vital: true,
      look: async () => {
        await store.global.$queryRaw`select 1`;
        return undefined;
      },
    },
  ];
  if (meetsCabinets) {
    checks.push({
      name: 'broker',
      vital: true,
      look: () => link.problem(),
    });
  }
  if (backups !== undefined) checks.push({ name: 'backup', vital: false, look: () => backups.problem() });
  if (jobs !== undefined) {
    checks.push({
      name: 'delivery',
      vital: false,
      look: () => {
        const { cabinets = 0, oldestMs = 0 } = jobs.stalled() ?? {};
        const seconds = Math.round(oldestMs / 1000);
        return cabinets === 0 ? undefined : `${cabinets} cabinets are online and hold events of up to ${seconds} s ago`;
      },
    });
  }
  return checks;
}
