/**
 * Every problem that the API can answer with (RFC 9457). The code ends the type URI and never
 * changes its meaning; `remedy` is what the catalogue page tells an integrator to do.
 */
export const problemCatalogue = {
  'invalid-request': {
    status: 400,
    title: 'The request does not have the required form',
    remedy: 'Correct the fields listed in "errors" and send the request again.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor does not belong to this list',
    remedy: 'Start again without a cursor, and pass "next_cursor" on unchanged.',
  },
  'not-signed-in': {
    status: 401,
    title: 'Nobody is signed in',
    remedy: 'Sign in with POST /v1/sign-in and send the cookie that it sets.',
  },
  'sign-in-refused': {
    status: 401,
    title: 'The e-mail address or the password is wrong',
    remedy: 'Check both and try again; an administrator can set a new password.',
  },
  'enrolment-code-unknown': {
    status: 401,
    title: 'There is no such enrolment code',
    remedy: 'Check the code, or ask an administrator for a new one.',
  },
  'not-allowed': {
    status: 403,
    title: 'This role may not do that',
    remedy: 'Ask an administrator to do it or to change your role.',
  },
  'foreign-origin': {
    status: 403,
    title: 'The request comes from another web site',
    remedy: 'Send changes from the pages of this server, with its own Origin header.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing here',
    remedy: 'Check the address and the id. Things of other customers and sites are never found.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This address does not know that method',
    remedy: 'Use one of the methods in the Allow header.',
  },
  conflict: {
    status: 409,
    title: 'That does not fit what is already recorded',
    remedy: 'Read the current state and decide again.',
  },
  'trail-unsigned': {
    status: 409,
    title: 'The trail is not being signed',
    remedy: 'Try again in a few seconds; if it persists, start the jobs of the cloud.',
  },
  'enrolment-code-used': {
    status: 409,
    title: 'The enrolment code has been used',
    remedy: 'A code works once. Find out who used it, and ask for a new one.',
  },
  'trail-restored': {
    status: 410,
    title: 'The trail was restored and does not go on from there',
    remedy: 'Forget what was read after the time of the backup, or all of it, and read the feed again from "after=-1".',
  },
  'enrolment-code-expired': {
    status: 410,
    title: 'The enrolment code has expired',
    remedy: 'Ask for a new one and use it within 15 minutes.',
  },
  'enrolment-code-locked': {
    status: 423,
    title: 'The enrolment code is locked',
    remedy: 'It was tried wrongly too often. Ask for a new one.',
  },
  'too-large': {
    status: 413,
    title: 'The request is too large',
    remedy: 'Send at most 256 KiB in one request.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is not JSON',
    remedy: 'Send the body as application/json.',
  },
  'invalid-reference': {
    status: 422,
    title: 'The request names something that does not exist',
    remedy: 'Correct the ids listed in "errors".',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    remedy: 'Wait as long as the Retry-After header says.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong inside the server',
    remedy: 'Try again; if it persists, report the request id.',
  },
  unavailable: {
    status: 503,
    title: 'The server cannot answer now',
    remedy: 'Try again in a few seconds.',
  },
} as const;

export type ProblemCode = keyof typeof problemCatalogue;

export const problemCodes = Object.keys(problemCatalogue) as readonly ProblemCode[];

export const problemBase = 'https://tagtrail.dev/problems/';
