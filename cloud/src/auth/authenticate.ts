import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Store } from '../store/prisma.js';
import { sql } from '../store/sql.js';
import { findScope } from './membership.js';
import { type PasswordSignIn, type ProvenSignIn, signInTimes } from './password-sign-in.js';
import type { Scope } from './scope.js';

/** A request or connection whose user is known. */
export interface SignedIn {
  readonly signInId: string;
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly scope: Scope;
  /** When this sign-in ends however busy it is. */
  readonly endsAtMs: number;
}

/** True while a sign-in holds: neither too old nor unused for too long at the wall time `atMs`. */
export function holds(signIn: { readonly createdAtMs: number; readonly usedAtMs: number }, atMs: number): boolean {
  return atMs < signIn.createdAtMs + signInTimes.absoluteMs && atMs < signIn.usedAtMs + signInTimes.idleMs;
}

/** Those of the sign-ins (ids) that hold at the wall time `atMs`, in one question for all of them. */
export async function holdingSignIns(store: Store, ids: readonly string[], atMs: number): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await store.global.$queryRaw<{ id: string; created_at: Date; updated_at: Date }[]>(
    sql`select id, created_at, updated_at from auth_sign_in where id = any(${[...ids]})`,
  );
  const holding = rows.filter(({ created_at, updated_at }) =>
    holds({ createdAtMs: created_at.getTime(), usedAtMs: updated_at.getTime() }, atMs),
  );
  return new Set(holding.map(({ id }) => id));
}

export interface AuthenticateOptions {
  readonly store: Store;
  readonly passwordSignIn: PasswordSignIn;
  readonly clock: Clock;
}

/** Who a Cookie header speaks for; undefined when nobody. A sign-in that no longer holds is removed. */
export async function authenticate(
  { store, passwordSignIn, clock }: AuthenticateOptions,
  cookie: string | undefined,
): Promise<SignedIn | undefined> {
  if (cookie === undefined || !cookie.includes(passwordSignIn.cookieName)) return undefined;
  const proven = await passwordSignIn.prove(cookie);
  if (proven === undefined) return undefined;
  const nowMs = clock.wallMs();
  if (!holds(proven, nowMs)) {
    await store.global.$executeRaw(sql`delete from auth_sign_in where id = ${proven.id}`);
    return undefined;
  }
  await touch(store, proven, nowMs);
  const scope = await findScope(store, proven.userId);
  if (scope === undefined) return undefined;
  return {
    signInId: proven.id,
    user: { id: proven.userId, name: proven.name, email: proven.email },
    scope,
    endsAtMs: proven.createdAtMs + signInTimes.absoluteMs,
  };
}

/** Remembers the use, at most once a minute: a busy page would otherwise write on every request. */
async function touch(store: Store, signIn: ProvenSignIn, nowMs: number): Promise<void> {
  if (nowMs - signIn.usedAtMs < signInTimes.touchEveryMs) return;
  await store.global.$executeRaw(
    sql`update auth_sign_in set updated_at = ${new Date(nowMs)} where id = ${signIn.id} and updated_at < ${new Date(nowMs)}`,
  );
}
