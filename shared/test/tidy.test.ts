import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The project's laws of structure, held by reading its sources. A message names the file, the line and the way out. */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const parts = ['shared', 'edge', 'cloud', 'web', 'hardware-sim'] as const;

interface Source {
  readonly path: string;
  readonly part: (typeof parts)[number];
  readonly lines: readonly string[];
  readonly imports: readonly { readonly from: string; readonly typeOnly: boolean; readonly line: number }[];
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : filesUnder(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function readSource(part: (typeof parts)[number], path: string): Source {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm)].map(
    (match) => ({
      from: match[2] as string,
      typeOnly: match[1] !== undefined,
      line: text.slice(0, match.index).split('\n').length,
    }),
  );
  return { path: relative(root, path), part, lines: text.split('\n'), imports };
}

const sources = parts.flatMap((part) => filesUnder(join(root, part, 'src')).map((path) => readSource(part, path)));
const production = sources.filter(({ path }) => !/\.test\.tsx?$|\.vectors\.ts$|\/testing\/|\/bench\//.test(path));

/** Every line of `among` that matches, as `file:line`. */
function linesWith(among: readonly Source[], pattern: RegExp): string[] {
  return among.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) =>
      pattern.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) ? [`${path}:${index + 1}`] : [],
    ),
  );
}

const mayImport: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  edge: ['shared', 'edge'],
  cloud: ['shared', 'cloud'],
  web: ['shared', 'web'],
  'hardware-sim': ['shared', 'hardware-sim'],
};

/** Where a package comes in, as a path prefix for each part that uses it. Types may be named anywhere. */
const doors: Readonly<Record<string, readonly string[]>> = {
  serialport: ['edge/src/serial/serialport-link.ts'],
  'modbus-serial': ['edge/src/reader/modbus/'],
  llrpjs: ['edge/src/reader/llrp/', 'hardware-sim/src/devices/llrp-reader/'],
  mqtt: ['edge/src/uplink/', 'cloud/src/broker/', 'cloud/src/ingest/'],
  aedes: ['cloud/src/broker/'],
  '@prisma/client': ['cloud/src/store/'],
  '@prisma/adapter-pg': ['cloud/src/store/'],
  'better-auth': ['cloud/src/auth/'],
  '@node-rs/argon2': ['cloud/src/auth/'],
  'prom-client': ['cloud/src/metrics/'],
  'socket.io': ['cloud/src/live/'],
  'socket.io-client': ['web/src/data/'],
  '@lydell/node-pty': ['hardware-sim/src/serve/'],
  '@noble/curves': ['web/src/data/'],
  '@noble/hashes': ['web/src/data/'],
  yaml: ['edge/src/config.ts'],
};

describe('the structure of the project', () => {
  it('has sources to look at', () => {
    for (const part of parts) expect(sources.filter((source) => source.part === part).length).toBeGreaterThan(5);
  });

  it('imports other parts only where the design allows it', () => {
    const wrong = production.flatMap(({ path, part, imports }) =>
      imports.flatMap(({ from, line }) => {
        const other = /^@tagtrail\/([a-z-]+)\//.exec(from)?.[1];
        const allowed =
          other === undefined || mayImport[part]?.includes(other) || path.startsWith('hardware-sim/src/world/');
        return allowed
          ? []
          : [`${path}:${line} imports ${from}; ${part} may import ${mayImport[part]?.join(', ')} only`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps shared free of every package but the schema library', () => {
    const wrong = production
      .filter(({ part }) => part === 'shared')
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ from }) => !from.startsWith('.') && from !== 'zod')
          .map(({ from, line }) => `${path}:${line} imports ${from}`),
      );
    expect(wrong).toEqual([]);
  });

  it('lets production code import neither tests nor testing aids', () => {
    const wrong = production.flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => /\/testing\/|\.test\.js$/.test(from))
        .map(({ from, line }) => `${path}:${line} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(doors))('lets %s in through one door', (name, allowed) => {
    const wrong = production.flatMap(({ path, imports }) =>
      imports
        .filter(({ from, typeOnly }) => !typeOnly && (from === name || from.startsWith(`${name}/`)))
        .filter(() => !allowed.some((door) => path.startsWith(door)))
        .map(({ line }) => `${path}:${line}; its door is ${allowed.join(', ')}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    [
      'Date.now or a new Date() of now',
      /\bDate\.now\(|new Date\(\)/,
      'pass a Clock',
      ['shared/src/time/system-clock.ts', 'web/'],
    ],
    [
      'a bare timer',
      /(^|[^.\w])set(Timeout|Interval)\(/,
      'use Clock.startTimer',
      ['shared/src/time/system-clock.ts', 'web/'],
    ],
    ['Math.random or randomUUID', /Math\.random\(|randomUUID\(/, 'pass a Random', ['web/']],
    ['a plain error', /throw new Error\(/, 'throw an AppError with a code', []],
    ['a default export', /^export default/, 'name what is exported', []],
    ['a barrel', /^export \*/, 'import the file', []],
    ['an enum', /^(export )?(const )?enum /, 'use a union of literals', []],
    ['a leftover mark', /\b(TODO|FIXME|XXX)\b/, 'finish it or write it into an issue', []],
    ['a silenced compiler', /@ts-(ignore|nocheck)/, 'mend the type', []],
  ] as const)('has nowhere %s', (_what, pattern, remedy, except) => {
    const among = production.filter(({ path }) => !except.some((start) => path.startsWith(start)));
    expect(linesWith(among, pattern).map((place) => `${place}: ${remedy}`)).toEqual([]);
  });

  it('reads the environment only where a process begins', () => {
    const begins = /(\/(main|cli|config|start-options|stop-with-stdin|bench|[a-z]+-command)\.ts|\/start\/|\/bench\/)/;
    const among = production.filter(({ path, part }) => part !== 'web' && !begins.test(path));
    expect(linesWith(among, /process\.env\b/)).toEqual([]);
  });

  it('calls no file a service, a manager, utils or helpers', () => {
    expect(
      sources.map(({ path }) => path).filter((path) => /(service|manager|utils?|helpers?)\.tsx?$/.test(path)),
    ).toEqual([]);
  });

  it('keeps every file small enough to hold in the head', () => {
    const tableOfData = /\/text\/(en|fr)\.ts$|-constants\.ts$|mercury-status\.ts$|describe\.ts$/;
    const long = production.filter(({ path, lines }) => lines.length > 330 && !tableOfData.test(path));
    expect(long.map(({ path, lines }) => `${path}: ${lines.length} lines; find its second responsibility`)).toEqual([]);
  });

  it('has no import loop', () => {
    const byPath = new Map(production.map((source) => [source.path, source]));
    const next = (source: Source): Source[] =>
      source.imports.flatMap(({ from }) => {
        if (!from.startsWith('.')) return [];
        const base = join(dirname(source.path), from).replace(/\.js$/, '');
        const found = byPath.get(`${base}.ts`) ?? byPath.get(`${base}.tsx`);
        return found === undefined ? [] : [found];
      });
    const done = new Set<Source>();
    const loops: string[] = [];
    const walk = (source: Source, path: readonly Source[]): void => {
      const at = path.indexOf(source);
      if (at >= 0) {
        loops.push([...path.slice(at), source].map((step) => step.path).join(' -> '));
        return;
      }
      if (done.has(source)) return;
      for (const other of next(source)) walk(other, [...path, source]);
      done.add(source);
    };
    for (const source of production) walk(source, []);
    expect(loops).toEqual([]);
  });
});

describe('the pages of the project', () => {
  const pages = ['README.md', ...parts.map((part) => `${part}/README.md`), 'docs/benchmarks.md'];

  it.each(pages)('%s has one title and no dead link', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const outsideCode = text.replace(/^```[\s\S]*?^```/gm, '');
    expect(outsideCode.match(/^# /gm)).toHaveLength(1);
    const links = [...outsideCode.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] as string);
    const dead = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !exists(join(root, dirname(page), link)));
    expect(dead).toEqual([]);
  });
});

function exists(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'ENOTDIR';
  }
}
