import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { mayChange } from './origin-check.js';
import { ApiProblem } from './problem.js';

export interface HardeningOptions {
  /** Where browsers reach this server; undefined when it is only known from the Host header. */
  readonly publicUrl: string | undefined;
  readonly requestsPerMinute: number;
  readonly cookieName: string;
}

/** Headers, limits and the check that a change comes from our own pages. */
export async function registerHardening(app: FastifyInstance, options: HardeningOptions): Promise<void> {
  const secure = options.publicUrl?.startsWith('https:') ?? false;
  const publicOrigin = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).origin;
  await app.register(helmet, {
    // Over plain http in a workshop these two would lock browsers out.
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: secure ? { policy: 'same-origin' } : false,
    originAgentCluster: secure,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The component library sets style attributes at run time.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
  });
  await app.register(compress, { globalCompression: true, globalDecompression: false, threshold: 2048 });
  await app.register(rateLimit, {
    global: false,
    max: options.requestsPerMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, context) =>
      new ApiProblem('too-many-requests', `Too many requests; try again in ${Math.ceil(context.ttl / 1000)} s.`),
  });
  // Counted first of all, before anybody looks into the database for the request.
  app.addHook('onRequest', app.rateLimit());
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('request-id', request.id);
    if (request.url.startsWith('/v1')) void reply.header('cache-control', 'no-store');
    if (request.method === 'GET' || request.method === 'HEAD') return;
    const { origin, host, cookie } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const fetchSite = typeof site === 'string' ? site : undefined;
    const hasCookie = cookie?.includes(options.cookieName) ?? false;
    if (!mayChange({ origin, fetchSite, host, hasCookie }, publicOrigin)) {
      throw new ApiProblem('foreign-origin', "Changes must come from this server's own pages; send its Origin header.");
    }
  });
}
