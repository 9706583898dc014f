import { createServer, type Server, type ServerResponse } from 'node:http';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Figures } from './figures.js';
import { type HealthCheck, reportHealth } from './health.js';

export interface MetricsServerOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host: string;
  readonly figures: Figures;
  readonly checks: readonly HealthCheck[];
}

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Figures and health on a port of their own: whoever runs the process reaches it, its users do not.
 * `/metrics` for Prometheus; `/readyz` answers 503 and why while the process cannot work; `/healthz`
 * says the same and is 200 as long as the process runs.
 * @throws AppError `cloud.port_taken`.
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, figures, checks } = options;
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    void answer(request.url ?? '/', { figures, checks }, response).catch((error: unknown) => {
      send(response, 500, { 'content-type': 'text/plain' }, errorText(error));
    });
  });
  const port = await listenOn(server, options);
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    url: `http://${shown}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  path: string,
  { figures, checks }: Pick<MetricsServerOptions, 'figures' | 'checks'>,
  response: ServerResponse,
): Promise<void> {
  if (path === '/metrics') {
    return send(response, 200, { 'content-type': figures.contentType }, await figures.text());
  }
  if (path !== '/healthz' && path !== '/readyz') return send(response, 404, { 'content-type': 'text/plain' }, '');
  const report = await reportHealth(checks);
  const status = report.ready || path === '/healthz' ? 200 : 503;
  send(response, status, { 'content-type': 'application/json' }, JSON.stringify(report));
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'cache-control': 'no-store' });
  response.end(body);
}

function listenOn(server: Server, { port, host }: MetricsServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const text =
        error.code === 'EADDRINUSE'
          ? `Port ${port} for the figures is taken. Set METRICS_PORT to another one.`
          : `The figures cannot be served on ${host}:${port} (METRICS_HOST, METRICS_PORT): ${error.message}`;
      reject(new AppError('cloud.port_taken', text, { kind: 'operator', cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
