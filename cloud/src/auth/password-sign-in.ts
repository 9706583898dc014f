import { newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError } from 'better-auth/api';
import { type TokenTable, withHashedTokens } from './hashed-tokens.js';
import type { PasswordHash } from './password-hash.js';

/** A sign-in ends at the latest after `absoluteMs`, and after `idleMs` without a request. */
export const signInTimes = { absoluteMs: 12 * 3_600_000, idleMs: 30 * 60_000, touchEveryMs: 60_000 } as const;

/** The tables of signing in, as the database client offers them. */
export interface AuthTables {
  readonly authUser: object;
  readonly authSession: object;
  readonly authAccount: object;
  readonly authVerification: object;
}

export interface PasswordSignInOptions {
  readonly tables: AuthTables;
  readonly passwords: PasswordHash;
  /** Signs the cookie; at least 32 characters. */
  readonly secret: string;
  readonly publicUrl: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** A browser that is signed in, as its cookie proves. */
export interface ProvenSignIn {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
}

export interface PasswordSignIn {
  readonly cookieName: string;
  /** Undefined for a wrong address or password alike; else the cookies that prove the new sign-in. */
  signIn(input: {
    email: string;
    password: string;
    ip: string;
    userAgent: string;
  }): Promise<{ userId: string; cookies: string[] } | undefined>;
  /** Whoever the Cookie header proves, however old the sign-in is. */
  prove(cookie: string): Promise<ProvenSignIn | undefined>;
  /** Ends the sign-in that the Cookie header proves and answers the cookies that clear it. */
  signOut(cookie: string): Promise<string[]>;
}

const ipHeader = 'x-tagtrail-peer';

/** The only user of better-auth: e-mail and password, kept in our own tables. */
export async function createPasswordSignIn(options: PasswordSignInOptions): Promise<PasswordSignIn> {
  const auth = buildAuth(options);
  const context = await auth.$context;
  const cookieName = context.authCookies.sessionToken.name;
  return {
    cookieName,
    signIn: async ({ email, password, ip, userAgent }) => {
      try {
        const headers = new Headers({ [ipHeader]: ip, 'user-agent': userAgent });
        const answer = await auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true });
        return { userId: answer.response.user.id, cookies: answer.headers.getSetCookie() };
      } catch (error) {
        if (error instanceof APIError && error.statusCode === 401) return undefined;
        throw error;
      }
    },
    prove: async (cookie) => {
      const found = await auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } });
      if (found === null) return undefined;
      return {
        id: found.session.id,
        userId: found.user.id,
        name: found.user.name,
        email: found.user.email,
        createdAtMs: found.session.createdAt.getTime(),
        usedAtMs: found.session.updatedAt.getTime(),
      };
    },
    signOut: async (cookie) => {
      const answer = await auth.api.signOut({ headers: new Headers({ cookie }), returnHeaders: true });
      return answer.headers.getSetCookie();
    },
  };
}

function buildAuth(options: PasswordSignInOptions) {
  const { tables, passwords, clock, random } = options;
  const secure = options.publicUrl?.startsWith('https:') ?? false;
  const client = { ...namedTables(tables), authSession: withHashedTokens(tables.authSession as TokenTable) };
  return betterAuth({
    appName: 'TagTrail',
    baseURL: options.publicUrl ?? 'http://localhost',
    basePath: '/auth',
    secret: options.secret,
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    database: prismaAdapter(client, { provider: 'postgresql' }),
    user: { modelName: 'authUser' },
    account: { modelName: 'authAccount' },
    verification: { modelName: 'authVerification' },
    session: {
      modelName: 'authSession',
      expiresIn: signInTimes.absoluteMs / 1000,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 256,
      password: { hash: passwords.hash, verify: passwords.verify },
    },
    advanced: {
      cookiePrefix: 'tagtrail',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
      database: { generateId: () => newUuid(clock.wallMs(), random) },
      ipAddress: { ipAddressHeaders: [ipHeader] },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => ({
            data: { ...session, createdAt: new Date(clock.wallMs()), updatedAt: new Date(clock.wallMs()) },
          }),
        },
      },
    },
  });
}

/** Prisma's client answers its models through a proxy, which a spread would not see. */
function namedTables(tables: AuthTables): AuthTables {
  const { authUser, authSession, authAccount, authVerification } = tables;
  return { authUser, authSession, authAccount, authVerification };
}
