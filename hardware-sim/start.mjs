// `npm start`: makes sure that what runs is built, then hands over to the compiled launcher.
// Plain JavaScript, because it has to run before anything is compiled.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`TagTrail needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
if (!existsSync(join(root, 'node_modules'))) {
  console.error('The packages are not installed yet. Run: npm ci');
  process.exit(1);
}

function newestMs(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestMs(path));
    else newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}

function run(title, args) {
  process.stdout.write(`  ${title} ...\n`);
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout}${result.stderr}\nBuilding stopped at: ${title}\n`);
  process.exit(1);
}

const require = createRequire(import.meta.url);
const built = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);
const stale = (output, inputs) => inputs.some((input) => newestMs(join(root, input)) > built(output));

if (built('cloud/src/generated') === 0) run('generating the database client', ['cloud/prisma/generate.mjs']);
const code = ['shared', 'edge', 'cloud', 'hardware-sim'];
if (code.some((part) => stale(`${part}/dist/.tsbuildinfo`, [`${part}/src`]))) {
  run('compiling', [join(dirname(require.resolve('@typescript/native/package.json')), 'bin', 'tsc'), '-b']);
}
const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
if (stale('web/dist/index.html', ['web/src', 'shared/src']))
  run('building the dashboard', [vite, 'build', 'web', '--config', 'web/vite.config.ts', '--logLevel', 'error']);
if (stale('web/dist-kiosk/index.html', ['web/src', 'shared/src'])) {
  run('building the kiosk page', [vite, 'build', 'web', '--config', 'web/vite.kiosk.config.ts', '--logLevel', 'error']);
}
if (stale('web/dist-simulator/index.html', ['web/src', 'shared/src'])) {
  run('building the simulator page', [
    ...[vite, 'build', 'web', '--config', 'web/vite.simulator.config.ts', '--logLevel', 'error'],
  ]);
}

const { main } = await import('./dist/start/main.js');
await main();
