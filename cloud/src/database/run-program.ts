import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** The exit code; null when a signal ended the program or it could not be started. */
  readonly code: number | null;
  /** What it wrote to both outputs, the last 8 KiB of it. */
  readonly output: string;
}

export interface ProgramIdentity {
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a program to its end; never rejects. */
export function runProgram(
  command: readonly string[],
  identity: ProgramIdentity = {},
  cwd = '/',
): Promise<ProgramResult> {
  const [file, ...args] = command as [string, ...string[]];
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, {
      ...identity,
      cwd,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-8192);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('exit', (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output: output.trim() });
    });
  });
}
