import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import { type Clock, sleep } from '@tagtrail/shared/time/clock.js';
import { z } from 'zod';

/** REST of a running cloud, signed in. Requests over the limit of the cloud wait as long as it says. */
export interface CloudApi {
  get<S extends z.ZodType>(path: string, answer: S): Promise<z.output<S>>;
  post<S extends z.ZodType>(path: string, body: unknown, answer: S): Promise<z.output<S>>;
}

const users = z.array(z.object({ email: z.string(), password: z.string(), role: z.string() }));

/**
 * Signs in as the administrator that `users.json` in the credentials folder names.
 * @throws AppError `fleet.no_admin`, `fleet.cloud`.
 */
export async function signInToCloud(url: string, credentials: string, clock: Clock): Promise<CloudApi> {
  const { email, password } = adminOf(credentials);
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    for (;;) {
      const answer = await fetch(url + path, {
        method,
        headers: { origin: url, ...(cookie === '' ? {} : { cookie }), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((error: unknown) => {
        throw cloudError(`${url} does not answer: ${errorText(error)}`);
      });
      if (answer.ok) return answer;
      const text = await answer.text();
      if (answer.status !== 429) throw cloudError(`${method} ${path} was refused (${answer.status}): ${text}`);
      const waitS = Number(answer.headers.get('retry-after') ?? '5');
      await sleep(clock, 'limit of the cloud', (Number.isFinite(waitS) ? waitS : 5) * 1000 + 100);
    }
  };
  let cookie = '';
  const signedIn = await ask('POST', '/v1/sign-in', { email, password });
  cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return {
    get: async (path, answer) => answer.parse(await (await ask('GET', path)).json()),
    post: async (path, body, answer) => answer.parse(await (await ask('POST', path, body)).json()),
  };
}

function adminOf(credentials: string): { email: string; password: string } {
  const file = join(credentials, 'users.json');
  try {
    const admin = users.parse(JSON.parse(readFileSync(file, 'utf8'))).find(({ role }) => role === 'admin');
    if (admin !== undefined) return admin;
  } catch (error) {
    throw noAdmin(file, errorText(error));
  }
  throw noAdmin(file, 'it names no user with the role admin');
}

function noAdmin(file: string, reason: string): AppError {
  const remedy = 'Name the folder that the cloud wrote with --credentials DIR.';
  return new AppError('fleet.no_admin', `No administrator in ${file}: ${reason}. ${remedy}`, { kind: 'operator' });
}

function cloudError(text: string): AppError {
  return new AppError('fleet.cloud', text.slice(0, 500), { kind: 'operator' });
}
