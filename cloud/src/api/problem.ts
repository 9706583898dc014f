import type { Problem } from '@tagtrail/shared/api/common.js';
import { AppError } from '@tagtrail/shared/error.js';
import { type ProblemCode, problemBase, problemCatalogue } from './problem-catalogue.js';

export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

export interface ApiProblemOptions {
  readonly errors?: readonly FieldProblem[];
  readonly retryAfter?: number;
}

/** An answer other than success, on purpose. `message` tells the caller what is wrong. */
export class ApiProblem extends AppError {
  readonly problem: ProblemCode;
  readonly errors: readonly FieldProblem[];
  /** Seconds after which it makes sense to try again. */
  readonly retryAfter: number | undefined;

  constructor(problem: ProblemCode, message: string, options: ApiProblemOptions = {}) {
    super(`api.${problem.replaceAll('-', '_')}`, message, { kind: 'peer' });
    this.name = 'ApiProblem';
    this.problem = problem;
    this.errors = options.errors ?? [];
    this.retryAfter = options.retryAfter;
  }
}

/** Nothing under this id for this caller; the same words whether it is absent or another customer's. */
export function notFound(what: string): ApiProblem {
  return new ApiProblem('not-found', `There is no such ${what}.`);
}

/** The request names `field`, which does not exist for this caller. */
export function invalidReference(field: string, what: string): ApiProblem {
  return new ApiProblem('invalid-reference', `There is no such ${what}.`, {
    errors: [{ field, problem: `no such ${what}` }],
  });
}

export function problemBody(code: ProblemCode, detail: string, requestId: string): Problem {
  const { status, title } = problemCatalogue[code];
  return { type: `${problemBase}${code}`, title, status, detail, request_id: requestId };
}
