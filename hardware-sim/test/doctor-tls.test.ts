import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from '@tagtrail/cloud/broker/broker.js';
import type { Finding } from '@tagtrail/edge/doctor/findings.js';
import { checkBroker } from '@tagtrail/edge/doctor/site-checks.js';
import { enrolCabinet } from '@tagtrail/edge/enrol/enrol.js';
import { createPostJson } from '@tagtrail/edge/enrol/post-json.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, type MadeCertificate, makeAuthority, opensslMissing } from './tls-certificates.js';

const missing = opensslMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

/** The doctor before the real broker, with certificates that are made here. */
describe.skipIf(missing !== undefined)('the doctor and a broker over TLS', () => {
  let folder: string;
  let authority: Authority;
  let stranger: Authority;
  let good: MadeCertificate;
  let caFile: string;
  const brokers: Broker[] = [];
  const logins: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-doctor-'));
    authority = await makeAuthority(folder, 'ours');
    stranger = await makeAuthority(folder, 'stranger');
    good = await authority.issue('broker');
    caFile = join(folder, 'ours.pem');
  });
  afterAll(async () => {
    for (const broker of brokers) await broker.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(certificate?: MadeCertificate): Promise<number> {
    const broker = await startBroker({
      ...{ port: 0, host: '127.0.0.1', certificate, clock: systemClock, log: silentLog },
      findAccount: async ({ cabinet }) => {
        logins.push(cabinet);
        return undefined;
      },
      onMessage: () => {},
      onForbidden: () => {},
    });
    brokers.push(broker);
    return broker.port;
  }

  const check = (url: string, ca: string | null = caFile, nowMs = systemClock.wallMs()): Promise<readonly Finding[]> =>
    checkBroker(url, ca, nowMs);
  const wrong = (findings: readonly Finding[]) => findings.filter(({ ok }) => !ok);

  it('finds a good certificate good, and signs nobody in', async () => {
    const port = await start(good);
    const findings = await check(`mqtts://127.0.0.1:${port}`);
    expect(wrong(findings)).toEqual([]);
    expect(findings.map(({ found }) => found)).toEqual([
      `The cloud at 127.0.0.1:${port} over TLSv1.3 is reached.`,
      expect.stringMatching(
        /^The broker's certificate is of broker, signed by ours, and good until \d{4}-\d\d-\d\d\.$/,
      ),
    ]);
    expect(await check(`mqtts://localhost:${port}`)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(logins).toEqual([]);
  });

  it.each([
    [
      'of nobody it trusts',
      () => stranger.issue('strange'),
      /signed by stranger, which is not in .*ours\.pem/,
      /Get the/,
    ],
    [
      'of another host',
      () => authority.issue('else', { hosts: 'DNS:else.example' }),
      /of else\.example, not of/,
      /mqttUrl/,
    ],
    ['that has expired', () => authority.issue('old', { days: -1 }), /of old has expired on .* clock/, /renewed/],
    ['of a client', () => authority.issue('client', { purpose: 'clientAuth' }), /not made for a server/, /serverAuth/],
    ['that has signed itself', async () => stranger, /signed by stranger, which is not in/, /Get the certificate/],
  ] as const)('says what to mend of a certificate %s', async (_what, make, found, next) => {
    const port = await start(await make());
    expect(wrong(await check(`mqtts://127.0.0.1:${port}`))).toEqual([
      {
        about: `the cloud at 127.0.0.1:${port}`,
        ...{ ok: false, found: expect.stringMatching(found), next: expect.stringMatching(next) },
      },
    ]);
  });

  it('asks for mqttCa where only the system is trusted', async () => {
    const [, finding] = await check(`mqtts://127.0.0.1:${await start(good)}`, null);
    expect(finding).toMatchObject({ ok: false, next: expect.stringContaining('mqttCa') });
  });

  it('tells an address of the wrong kind from a wrong certificate', async () => {
    const [clear, secure] = [await start(), await start(good)];
    expect(await check(`mqtt://127.0.0.1:${clear}`, null)).toMatchObject([{ ok: true }]);
    expect(await check(`mqtts://127.0.0.1:${clear}`)).toMatchObject([
      { ok: false, next: expect.stringMatching('port') },
    ]);
    expect(await check(`mqtt://127.0.0.1:${secure}`, null)).toMatchObject([
      { ok: false, next: `Set mqttUrl to mqtts://127.0.0.1:${secure}.` },
    ]);
    const deaf = createServer((socket) => socket.destroy());
    const port = await listening(deaf);
    expect(await check(`mqtts://127.0.0.1:${port}`)).toMatchObject([{ ok: false }]);
    await new Promise((resolve) => deaf.close(resolve));
    expect(await check(`mqtts://127.0.0.1:${port}`)).toMatchObject([
      { ok: false, found: expect.stringContaining('not reached') },
    ]);
    expect(await check('nowhere', null)).toMatchObject([{ ok: false, found: expect.stringContaining('nowhere') }]);
  });

  it('looks into the file with the certificates to trust', async () => {
    const url = `mqtts://127.0.0.1:${await start(good)}`;
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const found = async (ca: string, nowMs?: number) => wrong(await check(url, ca, nowMs)).map((one) => one.found);
    expect(await found(join(folder, 'none.pem'))).toEqual([expect.stringMatching(/none\.pem cannot be used/)]);
    expect((await found(await file('empty.pem', 'nothing')))[0]).toMatch(/empty\.pem holds no certificate/);
    const both = await file('both.pem', authority.cert + authority.key);
    await chmod(both, 0o600);
    expect(await found(both)).toEqual([expect.stringMatching(/both\.pem holds a private key/)]);
    const cut = await file('cut.pem', authority.cert.replace(/\n.{20}/, '\n'));
    expect((await found(cut))[0]).toMatch(/Certificate 1 in .*cut\.pem cannot be read/);
    const later = systemClock.wallMs() + 30 * 86_400_000;
    expect((await found(caFile, later))[0]).toMatch(/^CN=ours in .*ours\.pem has expired on .*; the clock .* says/);
  });

  describe('and the enrolment over https', () => {
    let server: SecureServer;
    let cloud: string;
    beforeAll(async () => {
      // Only how it is reached is looked at here; what the cloud answers is in the tests of the cloud.
      server = createSecureServer(good, (_request, response) => response.writeHead(302, { location: '/' }).end());
      cloud = `https://localhost:${await listening(server)}`;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    const enrol = (ca?: string) =>
      enrolCabinet({
        ...{ cloud, code: 'ABCD2345-0000000-0000000-000000-000000', random: systemRandom },
        post: createPostJson(ca),
      });

    it('sends the code to whom --ca trusts, and follows nobody elsewhere', async () => {
      await expect(enrol(authority.cert)).rejects.toMatchObject({
        ...{ code: 'enrol.refused', message: `${cloud} answered 302` },
      });
    });

    it('sends nothing to anybody else, and names --ca', async () => {
      for (const ca of [undefined, stranger.cert]) {
        await expect(enrol(ca)).rejects.toMatchObject({
          code: 'enrol.unreachable',
          message: expect.stringMatching(
            /its certificate is refused: nobody whom .*; --ca FILE names the certificates/,
          ),
        });
      }
    });
  });
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
