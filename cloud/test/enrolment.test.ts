import { generateKeyPairSync, sign } from 'node:crypto';
import { enrolmentCodeText, enrolmentProofText } from '@tagtrail/shared/api/enrolment.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppFixture, type Caller, signedIn, startApp } from './app-fixture.js';
import { aCustomer } from './sample.js';

/** A key and the request with which a cabinet redeems `code`. */
function aRequest(code: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const text = enrolmentProofText(enrolmentCodeText.parse(code), pem);
  return { code, public_key: pem, proof: sign(null, Buffer.from(text), privateKey).toString('base64url') };
}

/** The same code with another secret. */
function guessOf(code: string): string {
  return `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
}

describe('the enrolment of a cabinet', () => {
  let fixture: AppFixture;
  let admin: Caller;
  let cabinet: { readonly id: string };
  const clock = new VirtualClock();
  beforeAll(async () => {
    fixture = await startApp({ clock });
    const { passwords } = await fixture.seed(aCustomer('Aalto'));
    admin = await signedIn(fixture.app, 'admin@aalto.example', passwords.get('admin@aalto.example') ?? '');
    cabinet = (await admin.get('/v1/cabinets')).body.data[0];
  });
  afterAll(async () => {
    await fixture?.close();
  });

  const newCode = async (): Promise<string> =>
    (await admin.send('POST', `/v1/cabinets/${cabinet.id}/enrolment-codes`)).body.code;
  const redeem = async (request: ReturnType<typeof aRequest>) => {
    const answer = await fixture.app.server.inject({ method: 'POST', url: '/v1/enrolments', payload: request });
    return { status: answer.statusCode, body: answer.json(), problem: answer.json().type?.split('/').at(-1) };
  };
  const lines = async (): Promise<{ kind: string; category: string; data: Record<string, unknown> }[]> => {
    const page = await admin.get(`/v1/cabinets/${cabinet.id}/timeline?limit=100`);
    return page.body.data.filter((line: { kind: string }) => line.kind.startsWith('cabinet.enrol'));
  };

  it('gives the credentials for a code and a key made at the cabinet', async () => {
    const code = await newCode();
    const request = aRequest(code.toLowerCase());
    const { status, body } = await redeem(request);
    expect([status, body.cabinet]).toEqual([201, cabinet.id]);
    expect(Object.keys(body).sort()).toEqual(['cabinet', 'cloudKey', 'mqttUrl', 'name', 'secret', 'site', 'tenant']);
    const kept = await fixture.db.store.readTenant(uuidFromId('tenant', body.tenant), (tx) =>
      tx.cabinet.findFirst({ where: { id: uuidFromId('cabinet', cabinet.id) } }),
    );
    expect(kept?.publicKey.trim()).toBe(request.public_key.trim());
    expect(kept?.secretHash).not.toContain(body.secret);
    expect((await lines()).slice(0, 2).map(({ kind, category }) => [kind, category])).toEqual([
      ['cabinet.enrolled', 'security'],
      ['cabinet.enrolment_code_issued', 'security'],
    ]);
  });

  it('takes a code once, and only within a quarter of an hour', async () => {
    const used = await newCode();
    await redeem(aRequest(used));
    expect((await redeem(aRequest(used))).problem).toBe('enrolment-code-used');
    const late = await newCode();
    clock.stepWall(15 * 60_000);
    const answer = await redeem(aRequest(late));
    expect([answer.status, answer.problem]).toEqual([410, 'enrolment-code-expired']);
    expect((await lines())[0]).toMatchObject({
      kind: 'cabinet.enrolment_refused',
      data: { reason: 'the code had expired' },
    });
  });

  it('ends an earlier code with a new one', async () => {
    const first = await newCode();
    await newCode();
    expect((await redeem(aRequest(first))).problem).toBe('enrolment-code-expired');
  });

  it('tells nothing about codes that do not exist, and locks one after five wrong tries', async () => {
    expect((await redeem(aRequest('0'.repeat(34)))).problem).toBe('enrolment-code-unknown');
    const code = await newCode();
    for (let i = 0; i < 5; i++) expect((await redeem(aRequest(guessOf(code)))).problem).toBe('enrolment-code-unknown');
    const answer = await redeem(aRequest(code));
    expect([answer.status, answer.problem]).toEqual([423, 'enrolment-code-locked']);
    const refused = (await lines()).filter(({ kind }) => kind === 'cabinet.enrolment_refused');
    expect(refused.slice(0, 5).map(({ data }) => data.reason)).toEqual(Array(5).fill('the code was wrong'));
  });

  it('refuses a key that the sender does not hold, without using the code up', async () => {
    const code = await newCode();
    const stolen = { ...aRequest(code), public_key: aRequest(code).public_key };
    expect((await redeem(stolen)).body.errors).toEqual([
      { field: 'proof', problem: 'not a signature of that key over this code' },
    ]);
    expect((await redeem(aRequest(code))).status).toBe(201);
  });

  it('opens nothing of another customer, whose code it is or who asks for it', async () => {
    const { passwords } = await fixture.seed(aCustomer('Boreal'));
    const stranger = await signedIn(fixture.app, 'admin@boreal.example', passwords.get('admin@boreal.example') ?? '');
    expect((await stranger.send('POST', `/v1/cabinets/${cabinet.id}/enrolment-codes`)).status).toBe(404);
    const [foreign] = (await stranger.get('/v1/cabinets')).body.data;
    const theirs = (await stranger.send('POST', `/v1/cabinets/${foreign.id}/enrolment-codes`)).body.code;
    const ours = await newCode();
    // The name of one code with the secret of the other opens neither.
    const mixed = `${ours.slice(0, 9)}${theirs.slice(9)}`;
    expect((await redeem(aRequest(mixed))).problem).toBe('enrolment-code-unknown');
    const { status, body } = await redeem(aRequest(theirs));
    expect([status, body.cabinet, body.name]).toEqual([201, foreign.id, foreign.name]);
    expect((await redeem(aRequest(ours))).body.cabinet).toBe(cabinet.id);
  });

  it('gives one of two cabinets that redeem the same code at once nothing', async () => {
    const code = await newCode();
    const answers = await Promise.all([redeem(aRequest(code)), redeem(aRequest(code))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('lets no secret of a code or a cabinet into the trail', async () => {
    const code = await newCode();
    const { body } = await redeem(aRequest(code));
    const trail = (await admin.get('/v1/events?limit=1000')).text;
    expect([trail.includes(code), trail.includes(code.slice(9)), trail.includes(body.secret)]).toEqual(
      Array(3).fill(false),
    );
  });
});
