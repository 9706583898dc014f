import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError } from '@tagtrail/shared/error.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

export interface ChildOptions {
  /** What a person calls it, also the name of its log file. */
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly clock: Clock;
  /** Each line of standard output that is not the ready line. */
  readonly onLine?: (line: string) => void;
  /** Called when the process ends without having been asked to. */
  readonly onCrash?: (code: string) => void;
  /** Called each time the process says that it is ready; again after a restart. */
  readonly onReady?: (ready: Readonly<Record<string, unknown>>) => void;
}

export interface Child {
  /** Resolves with the ready line the first time; rejects when the process ends before that. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>;
  readonly pid: () => number | undefined;
  /** Asks the process to stop, and makes it after `graceMs`. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

const restartMs = [500, 1_000, 2_000, 5_000] as const;

/**
 * Runs one part of the product as a process of its own and keeps it running: one that dies after
 * it was ready is started again. Each child has its own process group, so that Ctrl-C reaches only
 * the launcher, which stops the parts in order; a child whose standard input ends knows that the
 * launcher itself is gone and stops too.
 */
export function startChild(options: ChildOptions): Child {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  let stopping = false;
  let crashes = 0;
  let current: ChildProcess | undefined;
  let restart: Timer | undefined;
  let gone: () => void = () => {};
  const allGone = new Promise<void>((resolve) => {
    gone = resolve;
  });

  const ready = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    let wasReady = false;
    const lastWords: string[] = [];
    const onLine = (line: string): void => {
      const parsed = readyLine(line);
      if (parsed === undefined) {
        options.onLine?.(line);
        return;
      }
      wasReady = true;
      resolve(parsed);
      options.onReady?.(parsed);
    };
    const launch = (): void => {
      current = spawnPart(options, log, { onLine, lastWords });
      current.once('exit', (code, signal) => {
        const outcome = signal ?? `exit code ${code}`;
        if (stopping) return gone();
        if (!wasReady) {
          gone();
          reject(startFailure(options, { outcome, lastWords: lastWords.join('') }));
          return;
        }
        options.onCrash?.(outcome);
        const delayMs = restartMs[Math.min(crashes++, restartMs.length - 1)] as number;
        restart = options.clock.startTimer(`restart ${options.name}`, delayMs, launch);
        current = undefined;
      });
    };
    launch();
  });

  return {
    ready,
    pid: () => current?.pid,
    stop: async (graceMs) => {
      stopping = true;
      restart?.cancel();
      if (current === undefined || current.exitCode !== null || current.signalCode !== null) gone();
      else {
        const child = current;
        child.kill('SIGTERM');
        const killer = options.clock.startTimer(`kill ${options.name}`, graceMs, () => child.kill('SIGKILL'));
        await allGone;
        killer.cancel();
      }
      log.end();
    },
  };
}

function spawnPart(
  options: ChildOptions,
  log: WriteStream,
  { onLine, lastWords }: { readonly onLine: (line: string) => void; readonly lastWords: string[] },
): ChildProcess {
  const child = spawn(process.execPath, [options.script, ...options.args], {
    cwd: options.cwd,
    env: { ...options.env, TAGTRAIL_STOP_WITH_STDIN: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin?.on('error', () => {});
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${line}\n`);
      onLine(line);
    });
  }
  child.stderr?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    lastWords.push(chunk.toString());
    if (lastWords.length > 20) lastWords.shift();
  });
  return child;
}

function readyLine(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && ('ready' in parsed || 'control' in parsed)) {
      return parsed as Readonly<Record<string, unknown>>;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function startFailure(
  options: ChildOptions,
  { outcome, lastWords }: { readonly outcome: string; readonly lastWords: string },
): AppError {
  const words = lastWords.trim() === '' ? '' : `\n${lastWords.trimEnd()}`;
  return new AppError('start.part_ended', `${options.name} could not start (${outcome}).${words}`, {
    kind: 'operator',
    detail: { logFile: options.logFile },
  });
}
