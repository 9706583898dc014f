import { verify } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrolmentProofText } from '@tagtrail/shared/api/enrolment.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSigningKey } from '../uplink/signing-key.js';
import { createCredentialsFile } from './credentials-file.js';
import { enrolCabinet } from './enrol.js';
import { type Answer, createPostJson } from './post-json.js';

const code = 'ABCD2345-0000000-0000000-000000-000000';
const answer = {
  ...{ tenant: 'tenant_x', cabinet: 'cabinet_x', name: 'N1', site: 'North' },
  ...{ mqttUrl: 'mqtt://cloud:1883', secret: 'a secret' },
};

function enrol(respond: (body: Record<string, string>, url: string) => Answer, given = code) {
  return enrolCabinet({
    ...{ cloud: 'http://cloud.example', code: given, random: seededRandom('enrol') },
    post: async (url, body) => respond(body as Record<string, string>, String(url)),
  });
}

const saying = (status: number, body: unknown): Answer => ({ status, text: JSON.stringify(body) });
const refusal = (status: number, type: string, detail: string): Answer =>
  saying(status, { type: `https://tagtrail.dev/problems/${type}`, title: type, status, detail });

describe('enrolCabinet', () => {
  it('sends the public half of a key that it makes, proves that it has the other, and keeps that', async () => {
    const sent: Record<string, string>[] = [];
    const credentials = await enrol((body, url) => {
      sent.push({ ...body, url });
      return saying(201, answer);
    });
    const { url, public_key = '', proof = '', ...rest } = sent[0] ?? {};
    expect([url, rest]).toEqual(['http://cloud.example/v1/enrolments', { code: code.replaceAll('-', '') }]);
    const text = enrolmentProofText(code.replaceAll('-', ''), public_key);
    expect(verify(null, Buffer.from(text), public_key, Buffer.from(proof, 'base64url'))).toBe(true);
    expect(readSigningKey(credentials.signingKey).publicPem).toBe(public_key);
    expect(credentials).toMatchObject(answer);
    expect(JSON.stringify(sent)).not.toContain('PRIVATE');
  });

  it.each([
    ['used', refusal(409, 'enrolment-code-used', 'This code has been used.'), 'This code has been used.'],
    ['expired', refusal(410, 'enrolment-code-expired', 'This code is too old.'), 'This code is too old.'],
    ['a page of something else', { status: 502, text: '<html>' }, 'http://cloud.example answered 502'],
  ])('says what the cloud says: %s', async (_what, response, message) => {
    await expect(enrol(() => response)).rejects.toMatchObject({ code: 'enrol.refused', message, kind: 'operator' });
  });

  it('tells a code that is none before asking anybody, and a cloud that is not there', async () => {
    const never = (): Answer => expect.fail('asked the cloud');
    await expect(enrol(never, 'ABC')).rejects.toMatchObject({ code: 'enrol.bad_code' });
    const options = { code, random: seededRandom('enrol'), post: createPostJson() };
    const nowhere = enrolCabinet({ ...options, cloud: 'http://127.0.0.1:1' });
    await expect(nowhere).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached: connect ECONNREFUSED/);
    await expect(enrol(() => saying(201, {}))).rejects.toMatchObject({ code: 'enrol.bad_answer' });
  });
});

describe('the credentials file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-enrol-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is for this user only, overwrites none, and leaves nothing behind when it is dropped', () => {
    const path = join(folder, 'credentials.json');
    createCredentialsFile(path).write({ ...answer, signingKey: 'pem' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ ...answer, signingKey: 'pem' });
    expect(() => createCredentialsFile(path)).toThrow(/exists already/);
    const other = join(folder, 'other.json');
    createCredentialsFile(other).drop();
    writeFileSync(other, 'free again', { flag: 'wx' });
    expect(() => createCredentialsFile(join(folder, 'no', 'where'))).toThrow(/cannot be written/);
  });
});
