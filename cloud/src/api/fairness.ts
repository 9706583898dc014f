import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { FastifyReply } from 'fastify';
import type { SignedIn } from '../auth/authenticate.js';
import { createRequestQuota, type QuotaAnswer } from '../auth/request-quota.js';
import { type CustomerTurns, createCustomerTurns } from './customer-turns.js';
import { ApiProblem } from './problem.js';

/** What a noisy customer may do, so that the others do not notice. */
export interface Fairness {
  readonly turns: CustomerTurns;
  /**
   * Counts a request of somebody who is signed in, and says in the headers how many are left.
   * @throws ApiProblem `too-many-requests` with the seconds to wait.
   */
  admit(signedIn: SignedIn, reply: FastifyReply): void;
}

export interface FairnessLimits {
  /** Of one sign-in; 1500 when not given. */
  readonly signInRequestsPerMinute?: number | undefined;
  /** Of all sign-ins of one customer; 6000 when not given. */
  readonly customerRequestsPerMinute?: number | undefined;
  /** Transactions of one customer in progress; 4 when not given, of the 12 connections of the store. */
  readonly customerAtOnce?: number | undefined;
}

/** One sign-in cannot use up what its customer has: its own quota is looked at first, and a refusal costs the customer nothing. */
export function createFairness(limits: FairnessLimits, clock: Clock): Fairness {
  const ofSignIn = createRequestQuota(limits.signInRequestsPerMinute ?? 1_500);
  const ofCustomer = createRequestQuota(limits.customerRequestsPerMinute ?? 6_000);
  return {
    turns: createCustomerTurns({ atOnce: limits.customerAtOnce ?? 4, waiting: 100 }),
    admit: ({ signInId, scope }, reply) => {
      const nowMs = clock.monotonicMs();
      tell(reply, ofSignIn.take(signInId, nowMs), 'you');
      tell(reply, ofCustomer.take(scope.tenantId, nowMs), 'your company');
    },
  };
}

/** The headers tell of the tightest limit of those that hold, that of the address included. */
function tell(reply: FastifyReply, { limit, left, fullAfterMs, waitMs }: QuotaAnswer, who: string): void {
  const said = reply.getHeader('ratelimit-remaining');
  if (said === undefined || left < Number(said)) {
    void reply.header('ratelimit-limit', limit);
    void reply.header('ratelimit-remaining', left);
    void reply.header('ratelimit-reset', seconds(waitMs === 0 ? fullAfterMs : waitMs));
  }
  if (waitMs === 0) return;
  const retryAfter = seconds(waitMs);
  throw new ApiProblem('too-many-requests', `Too many requests from ${who}; try again in ${retryAfter} s.`, {
    retryAfter,
  });
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
