import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { type Broker, startBroker } from '@tagtrail/cloud/broker/broker.js';
import { createMqttTransport } from '@tagtrail/edge/uplink/mqtt-transport.js';
import { offlineMessage } from '@tagtrail/edge/uplink/uplink.js';
import { type CabinetId, newId, type TenantId } from '@tagtrail/shared/ids.js';
import { type Log, silentLog } from '@tagtrail/shared/log/log.js';
import { type CabinetAddress, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, type MadeCertificate, makeAuthority, opensslMissing } from './tls-certificates.js';

const missing = opensslMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const identity: CabinetAddress = {
  tenant: newId('tenant', 1, systemRandom) as TenantId,
  cabinet: newId('cabinet', 1, systemRandom) as CabinetId,
};
const secret = 'a secret of this cabinet';
const secretHash = createHash('sha256').update(secret).digest('hex');

/** The real broker and the real uplink of a cabinet, with certificates that are made here. */
describe.skipIf(missing !== undefined)('a cabinet that reaches the cloud over TLS', () => {
  let folder: string;
  let authority: Authority;
  let stranger: Authority;
  let good: MadeCertificate;
  const brokers: Broker[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tagtrail-tls-'));
    authority = await makeAuthority(folder, 'ours');
    stranger = await makeAuthority(folder, 'stranger');
    good = await authority.issue('broker');
  });
  afterAll(async () => {
    for (const broker of brokers) await broker.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(certificate: MadeCertificate): Promise<{ url: string; port: number; heard: string[] }> {
    const heard: string[] = [];
    const broker = await startBroker({
      ...{ port: 0, host: '127.0.0.1', certificate, clock: systemClock, log: silentLog },
      findAccount: async () => ({ secretHash, revoked: false }),
      onMessage: (topic) => heard.push(topic),
      onForbidden: () => {},
    });
    brokers.push(broker);
    return { url: `mqtts://127.0.0.1:${broker.port}`, port: broker.port, heard };
  }

  /** Connects once; what came of it, and what the cabinet has written into its log as an error. */
  async function reach(url: string, ca?: string): Promise<{ outcome: string; errors: readonly string[] }> {
    const errors: string[] = [];
    const log: Log = {
      ...silentLog,
      error: (facts, event) => errors.push(`${event} ${(facts as { reason?: string }).reason ?? ''}`),
    };
    const transport = createMqttTransport({
      ...{ url, identity, secret, will: offlineMessage(identity), clock: systemClock, random: systemRandom, log },
      ...(ca === undefined ? {} : { ca }),
    });
    const outcome = await new Promise<string>((resolve) => {
      transport.start({
        onConnected: () => {
          transport.publish(upTopic(identity, 'hello'), 'hello').then(() => resolve('connected'), String);
        },
        onDisconnected: resolve,
        onMessage: () => {},
      });
    });
    await transport.close({ topic: upTopic(identity, 'state'), payload: '{}' });
    return { outcome, errors };
  }

  it('talks to a broker that somebody it trusts has signed', async () => {
    const { url, heard } = await start(good);
    expect(await reach(url, authority.cert)).toEqual({ outcome: 'connected', errors: [] });
    expect(heard).toContain(upTopic(identity, 'hello'));
  });

  it.each([
    ['signed by nobody it trusts', () => stranger.issue('strange'), /nobody whom this cabinet trusts.*mqttCa/],
    ['of another host', () => authority.issue('elsewhere', { hosts: 'DNS:elsewhere.example' }), /another host/],
    ['that has expired', () => authority.issue('expired', { days: -1 }), /expired/],
    ['that is one of a client', () => authority.issue('client', { purpose: 'clientAuth' }), /another purpose/],
    ['that has signed itself', async () => stranger, /nobody whom this cabinet trusts/],
  ] as const)('refuses a certificate %s, says why, and tells it nothing', async (_what, make, why) => {
    const { url, heard } = await start(await make());
    const { outcome, errors } = await reach(url, authority.cert);
    expect(outcome).toMatch(why);
    expect(errors).toEqual([expect.stringMatching(/^uplink\.certificate\.refused/)]);
    expect(errors[0]).toMatch(why);
    expect(heard).toEqual([]);
  });

  it('trusts the authorities of the system only, where none is named', async () => {
    const { url } = await start(good);
    expect((await reach(url)).outcome).toMatch(/nobody whom this cabinet trusts/);
  });

  it('finds no broker that talks in the clear behind that port', async () => {
    const { url, port } = await start(good);
    expect((await reach(url.replace('mqtts:', 'mqtt:'))).outcome).not.toBe('connected');
    const answer = await new Promise<string>((resolve) => {
      const socket = connectPlain(port, '127.0.0.1', () => socket.write('not a handshake\r\n\r\n'));
      let heard = '';
      socket.on('data', (data) => {
        heard += data.toString('latin1');
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(heard));
    });
    expect(answer).not.toContain('MQTT');
  });

  /** The protocol that was agreed on, or the code of the refusal. */
  function shake(port: number, options: ConnectionOptions): Promise<string | null> {
    return new Promise((resolve) => {
      const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', ca: authority.cert, ...options }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  }

  it('is offered TLS 1.2 and 1.3, and nothing that is older or weak', async () => {
    const { port } = await start(good);
    expect(await shake(port, {})).toBe('TLSv1.3');
    expect(await shake(port, { maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    expect(await shake(port, old)).toMatch(/PROTOCOL|ECONNRESET/);
    for (const weak of ['AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES256-GCM-SHA384']) {
      const refused = await shake(port, { maxVersion: 'TLSv1.2', ciphers: `${weak}:@SECLEVEL=0` });
      expect([weak, refused]).toEqual([weak, expect.stringMatching(/HANDSHAKE_FAILURE|NO_SHARED_CIPHER|ECONNRESET/)]);
    }
  });

  it('cannot be made to shake hands again and again', async () => {
    const { port } = await start(good);
    const ended = await new Promise<string>((resolve) => {
      const socket: TLSSocket = connectTls(
        { port, host: '127.0.0.1', ca: authority.cert, maxVersion: 'TLSv1.2' },
        () => void socket.renegotiate({}, (error) => resolve(error === null ? 'renegotiated' : 'refused')),
      );
      socket.on('error', () => resolve('refused'));
      socket.on('close', () => resolve('refused'));
    });
    expect(ended).toBe('refused');
  });

  it('is refused at the start with a key of another certificate', async () => {
    const other = await authority.issue('other');
    await expect(start({ cert: good.cert, key: other.key })).rejects.toMatchObject({ code: 'broker.bad_certificate' });
  });
});
