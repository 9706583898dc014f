import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApiClient, problemOf, statusOf } from './api-client.js';

const schema = z.strictObject({ name: z.string() });

function clientWith(answer: () => Promise<Response>) {
  const seen = { urls: [] as string[], inits: [] as RequestInit[], dates: [] as string[], signedOut: 0 };
  const client = createApiClient({
    fetch: (url, init) => {
      seen.urls.push(url);
      seen.inits.push(init);
      return answer();
    },
    onServerDate: (date) => void seen.dates.push(date),
    onSignedOut: () => {
      seen.signedOut++;
    },
  });
  return { client, seen };
}
const problem = (status: number, detail: string): Response =>
  Response.json({ type: 'urn:x', title: 'X', status, detail, request_id: 'req-7' }, { status });

describe('createApiClient', () => {
  it('gives what fits the schema, tells the date of the server and leaves empty filters away', async () => {
    const date = 'Sun, 22 Nov 2026 06:00:00 GMT';
    const { client, seen } = clientWith(async () => Response.json({ name: 'Ana' }, { headers: { date } }));
    expect(await client.get('/v1/people', schema, { q: 'a b', state: undefined, site: '' })).toEqual({ name: 'Ana' });
    expect(seen.urls).toEqual(['/v1/people?q=a+b']);
    expect(seen.dates).toEqual([date]);
  });

  it('sends a body as JSON, and no content type without one', async () => {
    const { client, seen } = clientWith(async () => new Response(null, { status: 204 }));
    expect(await client.send('PUT', '/v1/x', { body: { days: 3 }, schema: null })).toBeNull();
    await client.send('DELETE', '/v1/x', { schema: null });
    expect(seen.inits[0]).toMatchObject({ method: 'PUT', body: '{"days":3}', credentials: 'same-origin' });
    expect(seen.inits[1]?.headers).not.toHaveProperty('content-type');
  });

  it('refuses an answer that does not fit, rather than showing half a record', async () => {
    const { client } = clientWith(async () => Response.json({ name: 7 }));
    await expect(client.get('/v1/x', schema)).rejects.toMatchObject({ code: 'api.shape' });
  });

  it('refuses an answer that is no JSON at all', async () => {
    const { client } = clientWith(async () => new Response('<html>'));
    await expect(client.get('/v1/x', schema)).rejects.toMatchObject({ code: 'api.shape' });
  });

  it('maps a problem document to its sentence, with status and request', async () => {
    const { client, seen } = clientWith(async () => problem(409, 'This badge belongs to somebody else.'));
    const error: unknown = await client.get('/v1/x', schema).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'api.problem', message: 'This badge belongs to somebody else.' });
    expect(statusOf(error)).toBe(409);
    expect(problemOf(error)?.request_id).toBe('req-7');
    expect(seen.signedOut).toBe(0);
  });

  it('has a sentence for an error without a problem document', async () => {
    const { client } = clientWith(async () => new Response('Bad gateway', { status: 502 }));
    await expect(client.get('/v1/x', schema)).rejects.toMatchObject({
      code: 'api.problem',
      kind: 'peer',
      message: expect.stringContaining('502'),
    });
  });

  it('tells when nobody is signed in', async () => {
    const { client, seen } = clientWith(async () => problem(401, 'Sign in first.'));
    await expect(client.get('/v1/x', schema)).rejects.toMatchObject({ code: 'api.signed_out' });
    expect(seen.signedOut).toBe(1);
  });

  it('tells when the server cannot be reached', async () => {
    const { client } = clientWith(() => Promise.reject(new TypeError('fetch failed')));
    const error: unknown = await client.get('/v1/x', schema).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'api.unreachable' });
    expect(statusOf(error)).toBeNull();
  });
});
