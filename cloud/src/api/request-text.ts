import type { FastifyInstance } from 'fastify';
import { ApiProblem } from './problem.js';

/** NUL, which PostgreSQL text cannot hold, and surrogates without their other half. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the control character is what is looked for
const unstorable = /[\u0000\ud800-\udfff]/u;

/** True when a string anywhere in `value` cannot be stored as text. Bounded by the size of the value. */
export function hasUnstorableText(value: unknown): boolean {
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string') {
      if (unstorable.test(next)) return true;
    } else if (typeof next === 'object' && next !== null) {
      for (const [name, member] of Object.entries(next)) {
        if (unstorable.test(name)) return true;
        pending.push(member);
      }
    }
  }
  return false;
}

/** Refuses text that the database cannot hold before any schema or query sees it. */
export function registerTextCheck(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    for (const part of [request.params, request.query, request.body]) {
      if (hasUnstorableText(part)) {
        throw new ApiProblem('invalid-request', 'The request contains a NUL or an incomplete character.');
      }
    }
  });
}
