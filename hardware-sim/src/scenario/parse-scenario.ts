import { AppError } from '@tagtrail/shared/error.js';
import { parseExpectation } from './parse-expectation.js';
import { parseTap, tapForms } from './parse-tap.js';
import type { FaultWords, NetworkWords, PlacedStep, Scenario, Step } from './step.js';
import { type Refused, refused, timeOf, type Words, wordsOf } from './words.js';

/*
 *  scenario: Takes two tools          the title, first
 *  # a remark
 *  badge ana                          one step a line
 *  expect taken TW-07 by ana within 3 s
 */

/** What each verb looks like, for the person whose line was not understood. */
const grammar: Readonly<Record<string, string>> = {
  badge: 'badge NAME [N times]',
  open: 'open door N',
  try: 'try door N | try and what is done at the screen',
  force: 'force door N',
  close: 'close',
  take: 'take TOOL',
  put: 'put TOOL',
  cover: 'cover TOOL',
  uncover: 'uncover TOOL',
  wait: 'wait TIME',
  sign: 'sign out',
  ...tapForms,
  fault: 'fault NAME [uhf|badge|lock] [OPTION=VALUE ...] [for TIME]',
  end: 'end fault NAME [uhf|badge|lock] | end search TOOL accounted|declared_lost',
  network: 'network down | up | loses N % | doubles N % | delays TIME',
  broker: 'broker restart | down | up',
  cloud: 'cloud down | up | backup | restore',
  power: 'power off | on',
  restart: 'restart agent',
  clock: 'clock forward TIME | back TIME',
  disk: 'disk full | free | refuses | short | whole',
  replay: 'replay [SETTING=VALUE ...]',
  fleet: 'fleet N cabinets M visits in TIME',
  set: 'set badge NAME active | lost | revoked; set tool TOOL two-person',
  expect: 'expect taken|returned|disputed|forbidden|unsigned|... (see hardware-sim/scenarios/README.md)',
};

/** A line that was not understood. */
export interface ScenarioProblem {
  readonly line: number;
  readonly problem: string;
}

/**
 * Reads a scenario.
 * @throws AppError `scenario.unreadable` whose message lists every problem with its line.
 */
export function parseScenario(text: string, source: string): Scenario {
  const problems: ScenarioProblem[] = [];
  const steps: PlacedStep[] = [];
  let title: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = raw.replace(/(^|\s)#.*$/, '').trim();
    if (content === '') continue;
    const named = /^scenario:\s*(.+)$/.exec(content)?.[1];
    if (named !== undefined) {
      if (title !== undefined) problems.push({ line, problem: 'a scenario has one title' });
      title = named;
      continue;
    }
    const step = parseStep(wordsOf(content));
    if ('problem' in step) problems.push({ line, problem: `"${content}": ${step.problem}` });
    else steps.push({ line, text: content, step });
  }
  if (title === undefined) problems.unshift({ line: 1, problem: 'begin with "scenario: what it shows"' });
  if (steps.length === 0) problems.push({ line: 1, problem: 'there is no step in it' });
  if (!steps.some(({ step }) => step.kind === 'expect')) {
    problems.push({ line: 1, problem: 'nothing is expected in it, so it could not fail' });
  }
  if (problems.length === 0) return { title: title ?? '', steps };
  const list = problems.map(({ line, problem }) => `${source}:${line}: ${problem}`);
  throw new AppError('scenario.unreadable', list.join('\n'), { kind: 'operator', detail: { problems } });
}

function parseStep(words: Words): Step | Refused {
  const verb = words[0] ?? '';
  const form = grammar[verb];
  if (form === undefined) {
    return refused(`no step begins with "${verb}"; the steps are ${Object.keys(grammar).join(', ')}`);
  }
  if (verb === 'expect') return parseExpect(words.slice(1));
  return people(verb, words) ?? screen(verb, words) ?? fate(verb, words) ?? refused(`write it as: ${form}`);
}

function people(verb: string, words: Words): Step | undefined {
  const [, first = '', second = '', third] = words;
  const door = Number(second);
  const isDoor = first === 'door' && Number.isInteger(door) && words.length === 3;
  switch (verb) {
    case 'badge':
      if (words.length === 2) return { kind: 'badge', who: first, times: 1 };
      return words.length === 4 && third === 'times' && Number(second) > 0
        ? { kind: 'badge', who: first, times: Number(second) }
        : undefined;
    case 'open':
    case 'force':
      return isDoor ? { kind: 'open', door, force: verb === 'force' } : undefined;
    case 'try':
      return isDoor ? { kind: 'try door', door } : undefined;
    case 'close':
      return words.length === 1 || isDoor ? { kind: 'close' } : undefined;
    case 'take':
    case 'put':
      return words.length === 2 ? { kind: verb, tool: first } : undefined;
    case 'cover':
    case 'uncover':
      return words.length === 2 ? { kind: 'cover', tool: first, covered: verb === 'cover' } : undefined;
    case 'sign':
      return first === 'out' ? { kind: 'sign out' } : undefined;
    default:
      return undefined;
  }
}

function screen(verb: string, words: Words): Step | undefined {
  const tried = verb === 'try';
  const tap = parseTap(tried ? words.slice(1) : words);
  return tap && { kind: 'tap', tap, tried };
}

function fate(verb: string, words: Words): Step | undefined {
  const [, first = '', second = '', third = ''] = words;
  const rest = words.slice(1);
  const is = <T extends string>(...all: readonly T[]): T | undefined =>
    rest.length === 1 ? all.find((one) => one === first) : undefined;
  switch (verb) {
    case 'wait': {
      const ms = timeOf(rest);
      return ms === undefined ? undefined : { kind: 'wait', ms };
    }
    case 'fault':
      return parseFault(rest);
    case 'end': {
      const fault = first === 'fault' ? faultWords(rest.slice(1)) : undefined;
      return fault && { kind: 'end fault', fault };
    }
    case 'network': {
      const weather = networkWords(rest);
      return weather && { kind: 'network', weather };
    }
    case 'broker': {
      const what = is('restart', 'down', 'up');
      return what && { kind: 'broker', what };
    }
    case 'cloud': {
      const what = is('down', 'up', 'backup', 'restore');
      return what && { kind: 'cloud', what };
    }
    case 'power': {
      const what = is('on', 'off');
      return what && { kind: 'power', on: what === 'on' };
    }
    case 'fleet': {
      const [cabinets, visits] = [Number(first), Number(third)];
      const durationMs = timeOf(rest.slice(5));
      const isWell = second === 'cabinets' && rest[3] === 'visits' && rest[4] === 'in' && cabinets > 0 && visits > 0;
      return isWell && durationMs !== undefined ? { kind: 'fleet', cabinets, visits, durationMs } : undefined;
    }
    case 'replay': {
      const presence = numbers(rest);
      return presence && { kind: 'replay', presence };
    }
    case 'restart':
      return is('agent') && { kind: 'restart agent' };
    case 'clock': {
      const ms = timeOf(rest.slice(1));
      if (ms === undefined || (first !== 'forward' && first !== 'back')) return undefined;
      return { kind: 'clock', byMs: first === 'back' ? -ms : ms };
    }
    case 'disk': {
      const what = is('full', 'free', 'refuses', 'short', 'whole');
      return what && { kind: 'disk', what };
    }
    case 'set': {
      if (first === 'tool') return third === 'two-person' ? { kind: 'set two-person', tool: second } : undefined;
      const status = (['active', 'lost', 'revoked'] as const).find((one) => one === third);
      return first === 'badge' && status !== undefined ? { kind: 'set badge', who: second, status } : undefined;
    }
    default:
      return undefined;
  }
}

function numbers(words: Words): Readonly<Record<string, number>> | undefined {
  const pairs = words.map((word) => /^([a-zA-Z]+)=(-?\d+)$/.exec(word));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])]));
}

function parseFault(words: Words): Step | undefined {
  const at = words.indexOf('for');
  const forMs = at < 0 ? null : timeOf(words.slice(at + 1));
  const fault = faultWords(at < 0 ? words : words.slice(0, at));
  return fault === undefined || forMs === undefined ? undefined : { kind: 'fault', fault, forMs };
}

function faultWords(words: Words): FaultWords | undefined {
  const [name, ...rest] = words;
  if (name === undefined) return undefined;
  const device = (['uhf', 'badge', 'lock'] as const).find((one) => one === rest[0]) ?? null;
  const options: Record<string, number | boolean> = {};
  for (const word of device === null ? rest : rest.slice(1)) {
    const [, key, value] = /^([a-zA-Z]+)=(\d+|true|false)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) return undefined;
    options[key] = value === 'true' || (value !== 'false' && Number(value));
  }
  return { name, device, options };
}

function networkWords(words: Words): NetworkWords | undefined {
  const [what, amount = '', unit] = words;
  if ((what === 'down' || what === 'up') && words.length === 1) return { kind: what };
  if (what === 'delays') {
    const mostMs = timeOf(words.slice(1));
    return mostMs === undefined ? undefined : { kind: 'delays', mostMs };
  }
  const percent = Number(amount);
  const isShare = unit === '%' && Number.isInteger(percent) && percent > 0 && percent <= 100;
  return (what === 'loses' || what === 'doubles') && isShare ? { kind: what, percent } : undefined;
}

function parseExpect(words: Words): Step | Refused {
  const at = words.lastIndexOf('within');
  const withinMs = at < 0 ? 0 : timeOf(words.slice(at + 1));
  if (withinMs === undefined) return refused('write the time as "within 3 s", with ms, s, min, h or days');
  const expectation = parseExpectation(at < 0 ? words : words.slice(0, at));
  return 'problem' in expectation ? expectation : { kind: 'expect', expectation, withinMs };
}
