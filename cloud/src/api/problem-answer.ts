import type { Problem } from '@tagtrail/shared/api/common.js';
import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiProblem, type FieldProblem, problemBody } from './problem.js';
import type { ProblemCode } from './problem-catalogue.js';
import type { RouteList } from './route-list.js';

const plainAnswers: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['invalid-request', 'The request cannot be read: the body must be one well-formed JSON value.'],
  404: ['not-found', 'There is nothing under this address.'],
  413: ['too-large', 'The body is larger than 256 KiB.'],
  414: ['invalid-request', 'The address is too long.'],
  415: ['unsupported-media-type', 'The body must be sent as application/json.'],
  429: ['too-many-requests', 'There were too many requests from this address; wait and try again.'],
  503: ['unavailable', 'The server is too busy to answer; try again in a few seconds.'],
};

/** Makes every error, wherever it comes from, one `application/problem+json` answer. */
export function registerProblemAnswers(app: FastifyInstance, routes: RouteList, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const body = problemOf(error, request.id);
    if (body.status >= 500) {
      log.error(
        { requestId: request.id, method: request.method, route: routeOf(request), ...errorFacts(error) },
        'api.request.failed',
      );
    }
    if (error instanceof ApiProblem && error.retryAfter !== undefined)
      void reply.header('retry-after', error.retryAfter);
    return sendProblem(reply, body);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = routes.methodsOf(pathOf(request));
    if (allowed.length > 0) {
      void reply.header('allow', allowed.join(', '));
      return sendProblem(reply, problemBody('method-not-allowed', `Use ${allowed.join(', ')} here.`, request.id));
    }
    return sendProblem(reply, problemBody('not-found', 'There is nothing under this address.', request.id));
  });
}

export function sendProblem(reply: FastifyReply, body: Problem): FastifyReply {
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body);
}

/** The path of a request without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? '(none)';
}

function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof ApiProblem) {
    const body = problemBody(error.problem, error.message, requestId);
    return error.errors.length === 0 ? body : { ...body, errors: [...error.errors] };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.flatMap(fieldsOf);
    return {
      ...problemBody('invalid-request', 'Some fields are missing, unknown or have the wrong form.', requestId),
      errors,
    };
  }
  if (isAppError(error, 'id.malformed')) return problemBody('not-found', 'There is nothing under this id.', requestId);
  const status = statusOf(error);
  const known = status >= 400 && status < 500 ? (plainAnswers[status] ?? plainAnswers[400]) : plainAnswers[status];
  if (known !== undefined) return problemBody(known[0], known[1], requestId);
  return problemBody('internal-error', `The server could not finish this request; its id is ${requestId}.`, requestId);
}

function fieldsOf(finding: {
  instancePath: string;
  message?: string;
  params?: Record<string, unknown>;
}): FieldProblem[] {
  const path = finding.instancePath
    .split('/')
    .filter((part) => part !== '')
    .join('.');
  return [{ field: path === '' ? '(whole)' : path, problem: finding.message ?? 'is not valid' }];
}

function statusOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'statusCode' in error) {
    const { statusCode } = error;
    if (typeof statusCode === 'number') return statusCode;
  }
  return 500;
}

function errorFacts(error: unknown): Record<string, unknown> {
  if (isAppError(error)) return { code: error.code, problem: error.message, ...error.detail };
  return {
    problem: errorText(error).slice(0, 2000),
    stack: error instanceof Error ? error.stack?.slice(0, 4000) : undefined,
  };
}
