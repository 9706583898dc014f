import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** One line of the log of a process. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly msg: string;
}

/** A process of the cloud as it is deployed, built by `npm run build:code`. */
export interface TestProcess {
  /** What it said when it was ready. */
  readonly ready: { readonly url?: string; readonly mqtt?: string; readonly metrics?: string };
  readonly log: readonly LogLine[];
  /** Asks it to stop; its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

/** Starts `npm run cloud -- --role ROLE` with these settings and nothing else of the environment. */
export async function startProcess(
  role: string,
  settings: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<TestProcess> {
  if (!existsSync(main)) throw new TypeError('The cloud is not built: npm run build:code');
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main, '--role', role, ...flags], {
    env: { PATH, HOME, PORT: '0', MQTT_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LogLine[] = [];
  const other: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    try {
      log.push(JSON.parse(line) as LogLine);
    } catch {
      other.push(line);
    }
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const ready = await readyLine(child, () => other.join('\n'));
  return {
    ready,
    log,
    stop: async () => {
      child.kill('SIGTERM');
      return (await exit)[0];
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function readyLine(child: ChildProcess, problem: () => string): Promise<TestProcess['ready']> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) return reject(new TypeError('no standard output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"ready"')) resolve(JSON.parse(line) as TestProcess['ready']);
    });
    child.once('exit', (code) => reject(new TypeError(`the process ended with ${code}:\n${problem()}`)));
  });
}
