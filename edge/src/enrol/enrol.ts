import { enrolmentAnswer, enrolmentCodeText, enrolmentProofText } from '@tagtrail/shared/api/enrolment.js';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { z } from 'zod';
import { newSigningKey } from '../uplink/signing-key.js';

export interface EnrolOptions {
  /** Address of the cloud, http or https. */
  readonly cloud: string;
  /** As the administrator got it; dashes and case do not matter. */
  readonly code: string;
  readonly random: Random;
  /** How requests are made; the platform's own outside tests. */
  readonly request: typeof fetch;
}

const answerWithinMs = 15_000;

/** What a cloud says when it refuses (RFC 9457). */
const problem = z.looseObject({ type: z.string(), title: z.string(), detail: z.string().optional() });

/**
 * Redeems a one-time code: makes the cabinet's key here, sends its public half, and answers the
 * whole credentials.
 * @throws AppError `enrol.bad_code`, `enrol.unreachable`, `enrol.refused`, `enrol.bad_answer`; each
 * says what to do next and none repeats the code.
 */
export async function enrolCabinet({ cloud, code, random, request }: EnrolOptions): Promise<CabinetCredentials> {
  const parsed = enrolmentCodeText.safeParse(code);
  if (!parsed.success) {
    throw operator('enrol.bad_code', 'that is not an enrolment code: it has 34 letters and digits in five groups');
  }
  const key = newSigningKey(random);
  const proof = key.sign(enrolmentProofText(parsed.data, key.publicPem));
  const answer = await send(request, addressOf(cloud), { code: parsed.data, public_key: key.publicPem, proof });
  const credentials = enrolmentAnswer.safeParse(answer);
  if (!credentials.success) throw operator('enrol.bad_answer', `${cloud} does not answer as this agent expects`);
  return { ...credentials.data, signingKey: key.privatePem };
}

function addressOf(cloud: string): URL {
  const url = URL.canParse(cloud) ? new URL(cloud) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return new URL('/v1/enrolments', url);
  throw operator('enrol.unreachable', `${cloud} is not an http:// or https:// address`);
}

async function send(request: typeof fetch, url: URL, body: unknown): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    text = await response.text();
  } catch (cause) {
    const reason = errorText(cause instanceof Error && cause.cause !== undefined ? cause.cause : cause);
    throw operator('enrol.unreachable', `${url.origin} cannot be reached: ${reason}`, cause);
  }
  const answer = parsed(text);
  if (response.ok) return answer;
  const told = problem.safeParse(answer);
  const sentence = told.success ? (told.data.detail ?? told.data.title) : `${url.origin} answered ${response.status}`;
  throw new AppError('enrol.refused', sentence, {
    kind: 'operator',
    detail: { status: response.status, problem: told.success ? (told.data.type.split('/').at(-1) ?? '') : '' },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function operator(code: string, message: string, cause?: unknown): AppError {
  return new AppError(code, message, { kind: 'operator', cause });
}
