import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from 'mqtt';

/** A real Mosquitto with the settings of `cloud/deploy`, on ports of its own. */
export interface TestBroker {
  /** For the cloud, with its account. */
  readonly cloudUrl: string;
  /** For cabinets, without an account. */
  readonly cabinetUrl: string;
  close(): Promise<void>;
}

const environment = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };

/** Why the tests with Mosquitto are skipped; undefined where it is installed. */
export function mosquittoMissing(): string | undefined {
  try {
    execFileSync('mosquitto_passwd', ['--help'], { env: environment, stdio: 'ignore' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return 'mosquitto is not installed (apt-get install mosquitto)';
  }
  return undefined;
}

const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));

export interface BrokerAccount {
  readonly username: string;
  readonly password: string;
}

/**
 * Call in `beforeAll`; `close` in `afterAll`. The accounts are those of cabinets. `faulty` is what the listener of the
 * cloud is told besides, and other rights of its account.
 */
export async function startTestBroker(
  accounts: readonly BrokerAccount[],
  faulty: { readonly settings?: string; readonly cloudAcl?: string } = {},
): Promise<TestBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'tagtrail-broker-'));
  const [cabinetPort, cloudPort] = [await freePort(), await freePort()];
  const conf = (await readFile(join(deploy, 'mosquitto.conf'), 'utf8'))
    .replaceAll('/mosquitto/config/', `${folder}/`)
    .replace('listener 1883', `listener ${cabinetPort} 127.0.0.1`)
    .replace('listener 1884', `listener ${cloudPort} 127.0.0.1`);
  await writeFile(join(folder, 'mosquitto.conf'), `${conf}${faulty.settings ?? ''}\n`);
  for (const name of ['acl-cabinets', 'acl-cloud']) await copyFile(join(deploy, name), join(folder, name));
  if (faulty.cloudAcl !== undefined) await writeFile(join(folder, 'acl-cloud'), faulty.cloudAcl);
  for (const name of ['passwords-cabinets', 'passwords-cloud']) await writeFile(join(folder, name), '');
  // As root it becomes the user of its own, who has to read all this.
  await chmod(folder, 0o755);
  const admit = async (file: string, admitted: readonly BrokerAccount[]): Promise<void> => {
    for (const { username, password } of admitted) {
      execFileSync('mosquitto_passwd', ['-b', join(folder, file), username, password], { env: environment });
    }
    await chmod(join(folder, file), 0o644);
  };
  await admit('passwords-cloud', [{ username: 'tagtrail-cloud', password: 'of-this-test' }]);
  await admit('passwords-cabinets', accounts);
  const child = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { env: environment });
  const cloudUrl = `mqtt://tagtrail-cloud:of-this-test@127.0.0.1:${cloudPort}`;
  await untilRunning(child, cloudUrl);
  return {
    cloudUrl,
    cabinetUrl: `mqtt://127.0.0.1:${cabinetPort}`,
    close: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the broker answers, rejects when it ends. */
async function untilRunning(child: ChildProcess, url: string): Promise<void> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    text += String(chunk);
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new TypeError(`mosquitto ended: ${text}`)));
  });
  const client = connect(url, { protocolVersion: 5, reconnectPeriod: 50 });
  client.on('error', () => {});
  await Promise.race([new Promise<void>((resolve) => client.once('connect', () => resolve())), ended]);
  await client.endAsync(true);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
