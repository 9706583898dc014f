import { type Problem, problem } from '@tagtrail/shared/api/common.js';
import { AppError, isAppError } from '@tagtrail/shared/error.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Cabinet } from './cabinet.js';
import { createAgentView } from './control-agent.js';
import { helpPage, openApiDocument } from './control-help.js';
import { servePage } from './control-page.js';
import { type ControlRoute, controlRoutes } from './control-routes.js';
import { type ControlStream, createControlStream } from './control-stream.js';

const statusOf: Readonly<Record<string, { readonly status: number; readonly title: string }>> = {
  'door.locked': { status: 409, title: 'The door is locked' },
  'door.unknown': { status: 404, title: 'No such door' },
  'tag.unknown': { status: 404, title: 'No such tag' },
  'tag.antenna_unknown': { status: 400, title: 'No such antenna' },
  'fault.unknown': { status: 400, title: 'No such fault' },
  'fault.device_needed': { status: 400, title: 'Which device?' },
  'fault.device_unfit': { status: 400, title: 'Not a fault of this device' },
  'agent.unknown': { status: 404, title: 'No agent is known' },
  'stream.too_many': { status: 503, title: 'Too many pages listen' },
  'request.foreign_origin': { status: 403, title: 'Not from here' },
  'fault.options_invalid': { status: 400, title: 'Options of the fault' },
};

export interface ControlOptions {
  readonly clock: Clock;
  /** Folder of the built simulator page; the help page stands in its place when it is not there. */
  readonly pageFolder?: string;
  /** Where the agent of this cabinet shows its screen, such as `http://127.0.0.1:8480`. */
  readonly kiosk?: string;
}

/** The HTTP control of one cabinet, not yet listening. */
export function buildControl(cabinet: Cabinet, options: ControlOptions): FastifyInstance {
  const app = Fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });
  // People type `curl -d`, which claims a form: whatever a body claims to be, it is read as JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    if (String(text).trim() === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(
        new AppError('request.not_json', 'The body is not JSON. Example: {"number":"1F00644BB6"}', { kind: 'peer' }),
      );
    }
  });
  guard(app);
  for (const route of controlRoutes) addRoute(app, route, cabinet);
  addStream(app, createControlStream(cabinet, options.clock));
  const agentView = createAgentView(options.kiosk);
  app.get('/agent/state', () => agentView());
  const sendHelp = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    reply.type('text/html; charset=utf-8').send(helpPage(cabinet, addressOf(request)));
  app.get('/help', sendHelp);
  if (options.pageFolder === undefined || !servePage(app, options.pageFolder)) app.get('/', sendHelp);
  app.get('/openapi.json', (request) => openApiDocument(addressOf(request), problem));

  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, {
      code: 'request.route_unknown',
      status: 404,
      title: 'No such route',
      detail: `There is no ${request.method} ${request.url.slice(0, 100)}. GET /help lists the routes.`,
    }),
  );
  app.setErrorHandler((error, request, reply) => {
    if (isAppError(error)) {
      const known = statusOf[error.code] ?? { status: 400, title: 'Not understood' };
      return sendProblem(request, reply, { code: error.code, ...known, detail: error.message });
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    return sendProblem(request, reply, {
      code: status < 500 ? 'request.refused' : 'sim.bug',
      status,
      title: status < 500 ? 'Not understood' : 'The simulator made a mistake',
      detail: error instanceof Error ? error.message : String(error),
    });
  });
  return app;
}

const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * No page from elsewhere may open doors through the browser of somebody who looks at it, neither
 * from its own origin nor under a name of its own that it points here (DNS rebinding).
 */
function guard(app: FastifyInstance): void {
  const ours = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders);
    const { origin } = request.headers;
    if (ours.test(request.host) && (origin === undefined || origin === addressOf(request))) return;
    throw new AppError('request.foreign_origin', 'Pages from elsewhere may not use this control.', { kind: 'peer' });
  });
}

function addStream(app: FastifyInstance, stream: ControlStream): void {
  app.get('/stream', (_request, reply) => {
    const sink = reply.raw;
    sink.on('close', () => stream.remove(sink)).on('error', () => stream.remove(sink));
    const head = {
      ...securityHeaders,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    };
    // The first write of the stream sends these with it.
    for (const [name, value] of Object.entries(head)) sink.setHeader(name, value);
    if (!stream.add(sink)) {
      throw new AppError('stream.too_many', 'Too many pages listen to this cabinet. Close one of them.', {
        kind: 'operator',
      });
    }
    reply.hijack();
  });
  app.addHook('preClose', async () => stream.close());
}

function addRoute(app: FastifyInstance, route: ControlRoute, cabinet: Cabinet): void {
  app.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply) => {
      const params = check('path', route.params, request.params);
      const body = check('body', route.body, request.body);
      const errors = [...params.errors, ...body.errors];
      if (errors.length > 0) {
        return sendProblem(request, reply, {
          code: 'request.invalid',
          status: 400,
          title: 'The request cannot be used',
          detail: errors.map(({ field, problem }) => `${field}: ${problem}`).join('; '),
          errors,
        });
      }
      return reply.send(await route.run(cabinet, { params: params.value, body: body.value }));
    },
  });
}

interface Checked {
  readonly value: unknown;
  readonly errors: readonly { readonly field: string; readonly problem: string }[];
}

function check(place: string, schema: z.ZodType | undefined, value: unknown): Checked {
  if (schema === undefined) return { value: undefined, errors: [] };
  const result = schema.safeParse(value ?? undefined);
  if (result.success) return { value: result.data, errors: [] };
  return {
    value: undefined,
    errors: result.error.issues.map((issue) => ({ field: issue.path.join('.') || place, problem: issue.message })),
  };
}

interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: Checked['errors'];
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { code, status, title, detail, errors } = refusal;
  const body: Problem = {
    type: `urn:tagtrail:sim:${code}`,
    title,
    status,
    detail,
    request_id: request.id,
    ...(errors === undefined ? {} : { errors: [...errors] }),
  };
  return reply.status(status).type('application/problem+json').send(body);
}

function addressOf(request: FastifyRequest): string {
  return `http://${request.host}`;
}
