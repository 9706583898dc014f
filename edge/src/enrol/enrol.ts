import { enrolmentAnswer, enrolmentCodeText, enrolmentProofText } from '@tagtrail/shared/api/enrolment.js';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { z } from 'zod';
import { certificateRefusal } from '../uplink/certificate-refusal.js';
import { newSigningKey } from '../uplink/signing-key.js';
import type { Answer, PostJson } from './post-json.js';

export interface EnrolOptions {
  /** Address of the cloud, http or https. */
  readonly cloud: string;
  /** As the administrator got it; dashes and case do not matter. */
  readonly code: string;
  readonly random: Random;
  readonly post: PostJson;
}

/** What a cloud says when it refuses (RFC 9457). */
const problem = z.looseObject({ type: z.string(), title: z.string(), detail: z.string().optional() });

/**
 * Redeems a one-time code: makes the cabinet's key here, sends its public half, and answers the
 * whole credentials.
 * @throws AppError `enrol.bad_code`, `enrol.unreachable`, `enrol.refused`, `enrol.bad_answer`; each
 * says what to do next and none repeats the code.
 */
export async function enrolCabinet({ cloud, code, random, post }: EnrolOptions): Promise<CabinetCredentials> {
  const parsed = enrolmentCodeText.safeParse(code);
  if (!parsed.success) {
    throw operator('enrol.bad_code', 'that is not an enrolment code: it has 34 letters and digits in five groups');
  }
  const key = newSigningKey(random);
  const proof = key.sign(enrolmentProofText(parsed.data, key.publicPem));
  const answer = await send(post, addressOf(cloud), { code: parsed.data, public_key: key.publicPem, proof });
  const credentials = enrolmentAnswer.safeParse(answer);
  if (!credentials.success) throw operator('enrol.bad_answer', `${cloud} does not answer as this agent expects`);
  return { ...credentials.data, signingKey: key.privatePem };
}

function addressOf(cloud: string): URL {
  const url = URL.canParse(cloud) ? new URL(cloud) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return new URL('/v1/enrolments', url);
  throw operator('enrol.unreachable', `${cloud} is not an http:// or https:// address`);
}

async function send(post: PostJson, url: URL, body: unknown): Promise<unknown> {
  let said: Answer;
  try {
    said = await post(url, body);
  } catch (cause) {
    const words = { whose: 'its certificate', trustedBy: '--ca FILE' };
    const reason = certificateRefusal(cause, words) ?? errorText(cause);
    throw operator('enrol.unreachable', `${url.origin} cannot be reached: ${reason}`, cause);
  }
  const { status, text } = said;
  const answer = parsed(text);
  if (status >= 200 && status < 300) return answer;
  const told = problem.safeParse(answer);
  const sentence = told.success ? (told.data.detail ?? told.data.title) : `${url.origin} answered ${status}`;
  throw new AppError('enrol.refused', sentence, {
    kind: 'operator',
    detail: { status, problem: told.success ? (told.data.type.split('/').at(-1) ?? '') : '' },
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
