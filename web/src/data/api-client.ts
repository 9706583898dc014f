import { type Problem, problem } from '@tagtrail/shared/api/common.js';
import { AppError, isAppError } from '@tagtrail/shared/error.js';
import type { z } from 'zod';

/** The part of the platform's `fetch` that this client needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;
export type Query = Readonly<Record<string, string | number | undefined>>;

export interface ApiClient {
  get<S extends z.ZodType>(path: string, schema: S, query?: Query): Promise<z.output<S>>;
  /** `schema: null` when the answer has no body. */
  send<S extends z.ZodType | null>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options: { body?: unknown; schema: S },
  ): Promise<S extends z.ZodType ? z.output<S> : null>;
}

export interface ApiClientOptions {
  readonly fetch: Fetch;
  /** Told of the `Date` header of every answer, for the difference between the two clocks. */
  readonly onServerDate: (date: string) => void;
  /** Called when the server no longer knows who is asking. */
  readonly onSignedOut: () => void;
}

/**
 * The only door to the REST interface. Every answer is checked against its schema, so no screen
 * ever shows half a record.
 *
 * Raises AppError: `api.unreachable` (no answer), `api.signed_out` (401), `api.problem` (a problem
 * document, RFC 9457, in `detail.problem`), `api.shape` (an answer that this page does not know).
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const call = async (method: string, path: string, body: unknown, schema: z.ZodType | null): Promise<unknown> => {
    const response = await request(options.fetch, method, path, body);
    const date = response.headers.get('date');
    if (date !== null) options.onServerDate(date);
    if (!response.ok) {
      const error = await errorOf(response, path);
      if (error.code === 'api.signed_out') options.onSignedOut();
      throw error;
    }
    if (schema === null) return null;
    const parsed = schema.safeParse(await json(response));
    if (!parsed.success) {
      throw new AppError(
        'api.shape',
        'The server sent an answer that this page does not understand. Reload the page.',
        {
          kind: 'peer',
          detail: { path, issues: parsed.error.issues.slice(0, 5) },
        },
      );
    }
    return parsed.data;
  };
  return {
    get: (path, schema, query) => call('GET', path + queryText(query), undefined, schema) as never,
    send: (method, path, { body, schema }) => call(method, path, body, schema) as never,
  };
}

async function request(fetch: Fetch, method: string, path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new AppError('api.unreachable', 'The server does not answer. Check the network, then try again.', {
      kind: 'peer',
      detail: { path },
      cause,
    });
  }
}

async function errorOf(response: Response, path: string): Promise<AppError> {
  const parsed = problem.safeParse(await json(response));
  const known: Problem | null = parsed.success ? parsed.data : null;
  const detail = { path, status: response.status, problem: known };
  if (response.status === 401) {
    return new AppError('api.signed_out', known?.detail ?? 'You are signed out. Sign in again.', {
      kind: 'operator',
      detail,
    });
  }
  const sentence = known?.detail ?? `The server answered with status ${response.status}. Try again in a moment.`;
  return new AppError('api.problem', sentence, { kind: response.status < 500 ? 'operator' : 'peer', detail });
}

/** The body as JSON; undefined when it is none, which no schema accepts. */
async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** The problem document behind an error, when the server sent one. */
export function problemOf(error: unknown): Problem | null {
  if (!isAppError(error)) return null;
  const parsed = problem.safeParse(error.detail.problem);
  return parsed.success ? parsed.data : null;
}

/** The HTTP status behind an error; null when no answer came. */
export function statusOf(error: unknown): number | null {
  if (!isAppError(error)) return null;
  const status = error.detail.status;
  return typeof status === 'number' ? status : null;
}
