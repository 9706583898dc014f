import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';

/** A file that is there, empty and ours alone, before a code is used up for what goes into it. */
export interface CredentialsFile {
  write(credentials: CabinetCredentials): void;
  /** Leaves nothing behind when there is nothing to write. */
  drop(): void;
}

/** @throws AppError `enrol.file_exists` or `enrol.file_refused`. */
export function createCredentialsFile(path: string): CredentialsFile {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'EEXIST') {
      const text = `${path} exists already and is not overwritten; move it away or choose another --out`;
      throw new AppError('enrol.file_exists', text, { kind: 'operator', cause });
    }
    throw new AppError('enrol.file_refused', `${path} cannot be written: ${errorText(cause)}`, {
      kind: 'operator',
      cause,
    });
  }
  return {
    write: (credentials) => {
      writeSync(fd, `${JSON.stringify(credentials, null, 2)}\n`);
      fsyncSync(fd);
      closeSync(fd);
    },
    drop: () => {
      closeSync(fd);
      rmSync(path, { force: true });
    },
  };
}
