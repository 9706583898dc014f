import { errorText } from '@tagtrail/shared/error.js';
import type { CloudEventData } from '@tagtrail/shared/events/cloud-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { ApiProblem } from '../api/problem.js';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import { appendCloudEvent } from '../store/trail.js';
import type { SignedIn } from './authenticate.js';
import { findScope } from './membership.js';
import type { PasswordSignIn } from './password-sign-in.js';
import type { Scope } from './scope.js';
import { tellSignInEnded } from './sign-in-ended.js';
import type { SignInThrottle } from './sign-in-throttle.js';

export interface SignInDeps {
  readonly store: Store;
  readonly passwordSignIn: PasswordSignIn;
  readonly throttle: SignInThrottle;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  readonly ip: string;
  readonly userAgent: string;
  /** The Cookie header that came with it: an earlier sign-in of this browser is ended. */
  readonly cookie: string | undefined;
}

type UserEvent = 'user.signed_in' | 'user.sign_in_refused' | 'user.signed_out';

/**
 * Signs a user in; answers the cookies to set. An unknown address, a wrong password and a user
 * without a customer get the same answer after the same work.
 * @throws ApiProblem `sign-in-refused`, `too-many-requests`, `unavailable`.
 */
export async function signIn(deps: SignInDeps, attempt: SignInAttempt): Promise<{ cookies: string[]; scope: Scope }> {
  const { store, passwordSignIn, throttle, clock } = deps;
  const account = attempt.email.toLowerCase();
  const waitMs = throttle.waitMs(account, clock.wallMs());
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    throw new ApiProblem('too-many-requests', `Too many refused tries for this account; try again in ${seconds} s.`, {
      retryAfter: seconds,
    });
  }
  const accepted = await passwordSignIn.signIn(attempt);
  const scope = accepted === undefined ? undefined : await findScope(store, accepted.userId);
  if (accepted === undefined || scope === undefined) {
    throttle.refused(account, clock.wallMs());
    if (accepted !== undefined) await passwordSignIn.signOut(cookieHeader(accepted.cookies));
    // Not awaited: the time of the answer must not tell whether the account exists.
    void recordRefusal(deps, account, accepted === undefined ? 'password' : 'no_membership');
    throw new ApiProblem('sign-in-refused', 'The e-mail address or the password is wrong.');
  }
  throttle.accepted(account);
  if (attempt.cookie !== undefined) await endEarlier(deps, attempt.cookie);
  await recordUserEvent(deps, scope, { kind: 'user.signed_in', data: {} });
  return { cookies: accepted.cookies, scope };
}

/** Ends the sign-in that the Cookie header proves; answers the cookies that clear it. */
export async function signOut(deps: SignInDeps, cookie: string, { signInId, scope }: SignedIn): Promise<string[]> {
  const cookies = await deps.passwordSignIn.signOut(cookie);
  await recordUserEvent(deps, scope, { kind: 'user.signed_out', data: {} });
  await tellSignInEnded(deps.store, signInId);
  return cookies;
}

/** Ends another sign-in of the same user; false when there is none with this id. */
export async function endSignIn(deps: SignInDeps, signInId: string, scope: Scope): Promise<boolean> {
  const gone = await deps.store.global.$executeRaw(
    sql`delete from auth_sign_in where id = ${signInId} and user_id = ${scope.userId}`,
  );
  if (gone === 0) return false;
  await recordUserEvent(deps, scope, { kind: 'user.signed_out', data: {} });
  await tellSignInEnded(deps.store, signInId);
  return true;
}

async function endEarlier(deps: SignInDeps, cookie: string): Promise<void> {
  const earlier = await deps.passwordSignIn.prove(cookie);
  if (earlier === undefined) return;
  await deps.store.global.$executeRaw(sql`delete from auth_sign_in where id = ${earlier.id}`);
  await tellSignInEnded(deps.store, earlier.id);
}

async function recordRefusal(deps: SignInDeps, account: string, reason: string): Promise<void> {
  try {
    const users = await deps.store.global.$queryRaw<{ id: string }[]>(
      sql`select id from auth_user where email = ${account}`,
    );
    const user = users[0];
    const scope = user === undefined ? undefined : await findScope(deps.store, user.id);
    deps.log.warn({ known: user !== undefined, reason }, 'auth.sign-in.refused');
    if (scope !== undefined) await recordUserEvent(deps, scope, { kind: 'user.sign_in_refused', data: { reason } });
  } catch (error) {
    deps.log.error({ problem: errorText(error) }, 'auth.sign-in.unrecorded');
  }
}

async function recordUserEvent<K extends UserEvent>(
  { store, clock }: SignInDeps,
  scope: Scope,
  event: { readonly kind: K; readonly data: CloudEventData<K> },
): Promise<void> {
  await store.withTenant(scope.tenantId, (tx) =>
    appendCloudEvent(tx, {
      tenant: scope.tenantId,
      at: new Date(clock.wallMs()).toISOString(),
      actorId: scope.userId,
      kind: event.kind,
      data: event.data,
    }),
  );
}

/** The Cookie header that a browser would send back for these Set-Cookie headers. */
function cookieHeader(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';', 1)[0] ?? '').join('; ');
}
