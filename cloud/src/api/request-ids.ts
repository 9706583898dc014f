import { type IdPrefix, isId, uuidFromId } from '@tagtrail/shared/ids.js';
import { ApiProblem, invalidReference } from './problem.js';

/** The UUID of an id in a filter. @throws ApiProblem `invalid-request` when it is none. */
export function filterUuid(prefix: IdPrefix, id: string, field: string): string {
  if (isId(prefix, id)) return uuidFromId(prefix, id);
  throw new ApiProblem('invalid-request', `"${field}" is not a ${prefix} id.`, {
    errors: [{ field, problem: `not a ${prefix} id` }],
  });
}

/** The UUID of an id that a body refers to. @throws ApiProblem `invalid-reference` when it is none. */
export function referencedUuid(prefix: IdPrefix, id: string, field: string): string {
  if (isId(prefix, id)) return uuidFromId(prefix, id);
  throw invalidReference(field, prefix);
}
