import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Role } from '@tagtrail/shared/api/sign-in.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type AuthenticateOptions, authenticate, type SignedIn } from '../auth/authenticate.js';
import { requireRole, type Scope } from '../auth/scope.js';
import type { Store } from '../store/prisma.js';
import type { Tx } from '../store/sql.js';
import type { Fairness } from './fairness.js';
import { ApiProblem } from './problem.js';

/** The server as routes see it: schemas give the types of requests and answers. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What a query runs with. */
export interface Asking {
  readonly tx: Tx;
  readonly scope: Scope;
  /** Wall time of the request. */
  readonly atMs: number;
}

/** What routes work with. */
export interface ApiContext {
  /** For work that takes several transactions; all else goes through `read` and `change`. */
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Finds out who asks, and whether they may still ask, before anything else of the request is looked at. */
  readonly identify: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Refuses roles lower than `least`; for `preValidation`. */
  readonly needs: (least: Role) => (request: FastifyRequest) => Promise<void>;
  readonly signedIn: (request: FastifyRequest) => SignedIn;
  /** One read-only transaction of the caller's customer. */
  readonly read: <T>(request: FastifyRequest, work: (asking: Asking) => Promise<T>) => Promise<T>;
  /** One transaction of the caller's customer; cabinets get new rulebooks after it, where needed. */
  readonly change: <T>(request: FastifyRequest, work: (asking: Asking) => Promise<T>) => Promise<T>;
}

export interface ContextOptions extends AuthenticateOptions {
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
  readonly requestRulebooks: (tenantId: string) => void;
  readonly fairness: Fairness;
}

export function createContext(options: ContextOptions): ApiContext {
  const { store, clock, random, log, fairness } = options;
  const known = new WeakMap<FastifyRequest, SignedIn>();
  const signedIn = (request: FastifyRequest): SignedIn => {
    const found = known.get(request);
    if (found === undefined) throw new ApiProblem('not-signed-in', 'Sign in first.');
    return found;
  };
  return {
    store,
    clock,
    random,
    log,
    signedIn,
    identify: async (request, reply) => {
      const found = await authenticate(options, request.headers.cookie);
      if (found === undefined) throw new ApiProblem('not-signed-in', 'Nobody is signed in, or the sign-in has ended.');
      fairness.admit(found, reply);
      known.set(request, found);
    },
    needs: (least) => async (request) => requireRole(signedIn(request).scope, least),
    read: <T>(request: FastifyRequest, work: (asking: Asking) => Promise<T>) => {
      const { scope } = signedIn(request);
      const asked = (tx: Tx): Promise<T> => work({ tx, scope, atMs: clock.wallMs() });
      return fairness.turns.run(scope.tenantId, () => store.readTenant(scope.tenantId, asked));
    },
    change: async <T>(request: FastifyRequest, work: (asking: Asking) => Promise<T>) => {
      const { scope } = signedIn(request);
      const asked = (tx: Tx): Promise<T> => work({ tx, scope, atMs: clock.wallMs() });
      const answer = await fairness.turns.run(scope.tenantId, () => store.withTenant(scope.tenantId, asked));
      options.requestRulebooks(scope.tenantId);
      return answer;
    },
  };
}
