import { execFile, execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Why certificates cannot be made here; undefined when they can. */
export function opensslMissing(): string | undefined {
  try {
    execFileSync('openssl', ['version']);
    return undefined;
  } catch {
    return 'no openssl on this machine';
  }
}

export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends MadeCertificate {
  /** A certificate for a host, from this authority. */
  issue(name: string, request?: CertificateRequest): Promise<MadeCertificate>;
}

export interface CertificateRequest {
  /** As OpenSSL writes them: `DNS:host` or `IP:address`; 127.0.0.1 and localhost when not given. */
  readonly hosts?: string;
  /** From now; less than 0 for one that has expired. */
  readonly days?: number;
  /** As OpenSSL names it; `serverAuth` when not given. */
  readonly purpose?: 'serverAuth' | 'clientAuth';
}

/** Makes an authority with the OpenSSL of the machine; its files go into `folder`. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const at = (file: string): string => join(folder, file);
  const openssl = (...args: readonly string[]): Promise<unknown> => run('openssl', args, { cwd: folder });
  const newKey = (file: string): Promise<unknown> =>
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', file);
  const read = async (file: string): Promise<MadeCertificate> => ({
    cert: await readFile(at(`${file}.pem`), 'utf8'),
    key: await readFile(at(`${file}.key`), 'utf8'),
  });

  await newKey(`${name}.key`);
  await openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    `${name}.key`,
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
    '-out',
    `${name}.pem`,
  );
  return {
    ...(await read(name)),
    issue: async (host, { hosts = 'IP:127.0.0.1,DNS:localhost', days = 2, purpose = 'serverAuth' } = {}) => {
      await newKey(`${host}.key`);
      await openssl('req', '-new', '-key', `${host}.key`, '-subj', `/CN=${host}`, '-out', `${host}.csr`);
      await writeFile(at(`${host}.ext`), `subjectAltName=${hosts}\nextendedKeyUsage=${purpose}\n`);
      await openssl(
        ...['x509', '-req', '-in', `${host}.csr`, '-CA', `${name}.pem`, '-CAkey', `${name}.key`, '-CAcreateserial'],
        ...['-extfile', `${host}.ext`, '-days', String(days), '-out', `${host}.pem`],
      );
      return await read(host);
    },
  };
}
