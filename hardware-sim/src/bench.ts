import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

interface Benchmark {
  readonly what: string;
  readonly script: string;
  /** What Node is told, where the product tells it as well. */
  readonly node?: readonly string[];
}

/** The benchmarks by name; each is a script in the part that it measures and prints one JSON line. */
const benchmarks: Readonly<Record<string, Benchmark>> = {
  'edge:dedupe': {
    what: "folding repeated tag reads from a frame's bytes, against the lru-cache package on the same bytes",
    script: 'edge/dist/bench/dedupe.js',
  },
  'edge:parse': {
    what: 'framing a Mercury stream with garbage in it, against a @serialport/parser-* pipeline',
    script: 'edge/dist/bench/parse.js',
  },
  'edge:agent': {
    what: 'four readers at 921,600 baud through the real drivers: share of one core, and memory after a million reads',
    script: 'edge/dist/bench/agent.js',
  },
  'edge:unlock': {
    what: 'badge to unlock, with the sync of the journal to the disk, against one plain fdatasync',
    script: 'edge/dist/bench/unlock.js',
  },
  'edge:greeting': {
    what: 'badge bytes on a pseudo-terminal to the greeting painted by Chromium, against the promised second; --badges N',
    script: 'hardware-sim/dist/bench/greeting.js',
  },
  'cloud:ingest': {
    what: 'signed batches over MQTT until they are committed, against a multi-row INSERT and Prisma create of the same rows; --events N --cabinets N',
    script: 'cloud/dist/bench/ingest.js',
    node: ['--max-semi-space-size=32'],
  },
  'cloud:live': {
    what: 'a committed event to the patch at many screens, against a bare socket.io broadcast to as many; --clients N --events N',
    script: 'cloud/dist/bench/live.js',
  },
  'cloud:purge': {
    what: 'reads of the API while retention takes 50,000 lines, against the same reads without; --lines 1000000 --one-moment',
    script: 'cloud/dist/bench/purge.js',
  },
  'cloud:tamper': {
    what: 'random edits of an exported trail, with and without the key of the log; each must be found',
    script: 'cloud/dist/bench/tamper.js',
  },
  'cloud:timeline': {
    what: "a year of one person's lines, page by page, out of trails of several sizes; --sizes 1e5,1e6 --plan",
    script: 'cloud/dist/bench/timeline.js',
  },
  'cloud:verify': {
    what: 'an export verified from its file, against hashing its bytes once; --entries 1000000 for the large one',
    script: 'cloud/dist/bench/verify.js',
  },
  start: { what: 'seconds from `npm start` to ready', script: 'hardware-sim/dist/bench/start.js' },
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs one benchmark as a process of its own, so that none warms the others. */
function run({ script, node = [] }: Benchmark, args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--expose-gc', ...node, join(root, script), ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const program = new Command('npm run bench --')
  .description('Runs a benchmark and prints its figures and the ratio between the two sides of the same run.')
  .argument('[name]', 'which benchmark; see --list')
  .option('--list', 'name the benchmarks')
  .option('--json', 'print one JSON line and nothing else')
  .allowExcessArguments()
  .allowUnknownOption()
  .parse();
const options = program.opts<{ list?: boolean; json?: boolean }>();
const [name, ...rest] = program.args;

if (options.list === true) {
  for (const [key, { what }] of Object.entries(benchmarks)) process.stdout.write(`${key.padEnd(14)} ${what}\n`);
} else {
  const chosen = name === undefined ? undefined : benchmarks[name];
  if (chosen === undefined) {
    process.stderr.write(
      `${name === undefined ? 'No benchmark named' : `No benchmark "${name}"`}. npm run bench -- --list names them.\n`,
    );
    process.exitCode = 2;
  } else {
    if (options.json !== true) process.stderr.write(`${name}: ${chosen.what}\n`);
    process.exitCode = await run(
      chosen,
      rest.filter((argument) => argument !== '--json'),
    );
  }
}
