import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { DoctorReport } from '@tagtrail/edge/doctor/doctor.js';
import type { Finding } from '@tagtrail/edge/doctor/findings.js';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, startChild } from '../../src/start/child.js';
import { freePorts } from '../../src/start/ports.js';
import { edgeConfig } from '../../src/start/site-files.js';
import { makeAuthority, opensslMissing } from '../tls-certificates.js';
import { until } from './stage.js';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const missing = opensslMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

/** The real cloud and the real agent, between them nothing but TLS that an authority of the customer signs for. */
describe.skipIf(missing !== undefined)('a cabinet that is enrolled over TLS', () => {
  const children: Child[] = [];
  let folder: string;
  let proxy: Server;
  let cloudUrl: string;
  let secureUrl: string;
  let cookie: string | undefined;
  let cabinet: CabinetView;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tagtrail-enrol-tls-'));
    chmodSync(folder, 0o755);
    const authority = await makeAuthority(folder, 'ours');
    const certificate = await authority.issue('cloud');
    const [port = 0, mqttPort = 0] = await freePorts(2);
    proxy = await terminator(certificate, port);
    secureUrl = `https://localhost:${(proxy.address() as AddressInfo).port}`;
    const sample = join(root, 'hardware-sim', 'sample', 'customer.json');
    const data = join(folder, 'tagtrail');
    mkdirSync(data);
    const cloud = start('cloud', 'cloud/dist/main.js', ['--sample', sample, '--credentials', join(data, 'sample')], {
      ...{ PORT: String(port), MQTT_PORT: String(mqttPort), TAGTRAIL_DATA: data },
      ...{ MQTT_TLS_CERT: join(folder, 'cloud.pem'), MQTT_TLS_KEY: join(folder, 'cloud.key') },
    });
    const address = (await cloud.ready) as { url: string; mqtt: string };
    expect(address.mqtt).toBe(`mqtts://127.0.0.1:${mqttPort}`);
    cloudUrl = address.url;
    cookie = await signIn(join(data, 'sample', 'users.json'));
    cabinet = (await cabinets())[0] as CabinetView;
  }, 180_000);
  afterAll(async () => {
    for (const child of children.reverse()) await child.stop(10_000);
    await new Promise((resolve) => proxy?.close(resolve) ?? resolve(undefined));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function start(name: string, script: string, args: readonly string[], settings: Record<string, string> = {}): Child {
    const env = { ...process.env, ...settings };
    const logFile = join(folder, `${name}.log`);
    const child = startChild({ name, script: join(root, script), args, cwd: root, env, logFile, clock: systemClock });
    children.push(child);
    return child;
  }

  async function signIn(usersFile: string): Promise<string> {
    const users = JSON.parse(readFileSync(usersFile, 'utf8')) as { email: string; password: string; role: string }[];
    const { email, password } = users.find(({ role }) => role === 'admin') ?? {};
    const answer = await ask('POST', '/v1/sign-in', { email, password });
    return answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
  }

  async function ask(method: string, path: string, body?: object): Promise<Response> {
    const headers = {
      origin: cloudUrl,
      'content-type': 'application/json',
      ...(cookie === undefined ? {} : { cookie }),
    };
    const answer = await fetch(`${cloudUrl}${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    expect([path, answer.ok]).toEqual([path, true]);
    return answer;
  }

  const cabinets = async () => ((await (await ask('GET', '/v1/cabinets')).json()) as { data: CabinetView[] }).data;

  it('gets its credentials from whom it trusts, and comes online with the same trust', {
    timeout: 90_000,
  }, async () => {
    const { code } = (await (await ask('POST', `/v1/cabinets/${cabinet.id}/enrolment-codes`, {})).json()) as {
      code: string;
    };
    const out = join(folder, 'credentials.json');
    const args = ['enrol', '--cloud', secureUrl, '--code', code, '--out', out];
    expect(await edge(args)).toMatchObject({ status: 2, said: expect.stringMatching(/nobody whom .*; --ca FILE/) });
    expect(existsSync(out)).toBe(false);

    const caFile = join(folder, 'ours.pem');
    const { status, said } = await edge([...args, '--ca', caFile]);
    expect([status, said]).toEqual([0, expect.stringContaining(`Name ${caFile} as mqttCa in the settings.`)]);
    expect(said).toMatch(/good {3}The broker's certificate is of cloud, signed by ours/);
    const { mqttUrl } = JSON.parse(readFileSync(out, 'utf8')) as { mqttUrl: string };
    expect(mqttUrl).toMatch(/^mqtts:/);

    const paths = { credentials: out, data: join(folder, 'edge'), links: folder, kioskPort: 0, doors: 1, mqttUrl };
    const settings = join(folder, 'cabinet.json');
    writeFileSync(settings, JSON.stringify({ ...edgeConfig(paths), mqttCa: 'ours.pem' }));
    await start('agent', 'edge/dist/main.js', ['--config', settings]).ready;
    await until('the cabinet is online', async () =>
      (await cabinets()).find(({ id, link }) => id === cabinet.id && link === 'online'),
    );

    // The doctor signs nobody in, so the agent that runs beside it stays where it is.
    const other = join(folder, 'without-ca.json');
    writeFileSync(other, JSON.stringify(edgeConfig(paths)));
    // The certificates of this test end in two days.
    expect(await cloudFindings(settings)).toMatchObject([
      { ok: true },
      { ok: true, next: expect.stringMatching('renewed before') },
    ]);
    expect(await cloudFindings(other)).toMatchObject([
      { ok: true },
      { ok: false, next: expect.stringMatching('mqttCa') },
    ]);
    expect((await cabinets()).find(({ id }) => id === cabinet.id)?.link).toBe('online');
  });
});

/** What the doctor says of the way to the cloud. */
async function cloudFindings(settings: string): Promise<readonly Finding[]> {
  const { printed } = await edge(['doctor', '--config', settings, '--no-badge', '--json']);
  const { findings } = JSON.parse(printed) as DoctorReport;
  return findings.filter(({ about }) => about.startsWith('the cloud at'));
}

/** What stands in front of a cloud: takes TLS off, and passes the bytes on. */
async function terminator(certificate: { readonly cert: string; readonly key: string }, to: number): Promise<Server> {
  const server = createServer(certificate, (near: TLSSocket) => {
    const far = createConnection(to, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs a command of the agent to its end: what it printed, and that with its standard error. */
function edge(args: readonly string[]): Promise<{ status: number; printed: string; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'edge/dist/main.js'), ...args], (_error, out, err) =>
      resolve({ status: child.exitCode ?? -1, printed: out, said: out + err }),
    );
  });
}
