import { describe, expect, it } from 'vitest';
import { parseScenario } from './parse-scenario.js';

const good = `scenario: Takes a tool
# a remark
badge ana
open door 1
take TW-07   # another
fault garble uhf percent=5 for 10 s
network loses 30%
close
expect taken TW-07 by ana undisputed within 3s`;

describe('parseScenario', () => {
  it('understands steps, remarks and times with or without a space', () => {
    const { title, steps } = parseScenario(good, 'x.scenario');
    expect(title).toBe('Takes a tool');
    expect(steps.map(({ step }) => step)).toMatchObject([
      { kind: 'badge', who: 'ana', times: 1 },
      { kind: 'open', door: 1, force: false },
      { kind: 'take', tool: 'TW-07' },
      { kind: 'fault', fault: { name: 'garble', device: 'uhf', options: { percent: 5 } }, forMs: 10_000 },
      { kind: 'network', weather: { kind: 'loses', percent: 30 } },
      { kind: 'close' },
      {
        kind: 'expect',
        withinMs: 3000,
        expectation: { kind: 'line', line: { movement: 'taken', tool: 'TW-07', by: 'ana', disputed: false } },
      },
    ]);
    expect(steps[6]?.line).toBe(9);
  });

  it('understands what is done and expected at the screen', () => {
    const lines = [
      'scenario: Screen',
      'pin ana wrong 5 times',
      'try shift end TW-07=keeping MI-01=lost',
      'end search TW-03 declared_lost',
      'expect event search.closed for TW-03 by ana',
      'expect found TW-07 inside forbidden reported',
    ];
    const { steps } = parseScenario(lines.join('\n'), 'x.scenario');
    const decisions = [
      ['TW-07', 'keeping'],
      ['MI-01', 'lost'],
    ];
    expect(steps.map(({ step }) => step)).toMatchObject([
      { kind: 'tap', tap: { kind: 'pin', who: 'ana', right: false, times: 5 }, tried: false },
      { kind: 'tap', tap: { kind: 'shift end', decisions }, tried: true },
      { kind: 'tap', tap: { kind: 'end search', tool: 'TW-03', outcome: 'declared_lost' } },
      { kind: 'expect', expectation: { kind: 'event', event: 'search.closed', tool: 'TW-03', by: 'ana' } },
      { kind: 'expect', expectation: { kind: 'found', tool: 'TW-07', where: 'inside', forbidden: 'reported' } },
    ]);
    for (const wrong of ['pin ana right', 'report TW-07 wet', 'shift end TW-07=eaten', 'try', 'return TW-07']) {
      expect(() => parseScenario(`scenario: x\n${wrong}\nexpect online`, 'x')).toThrow('write it as');
    }
  });

  it('lists every problem with its line', () => {
    const text = 'badge\nfly away\nwait soon\nexpect glory\nexpect taken TW-01 within a while';
    expect(() => parseScenario(text, 'bad.scenario')).toThrow(
      /bad\.scenario:1: begin with[\s\S]*:1: "badge": write it as: badge NAME[\s\S]*:2: .*no step begins with "fly"[\s\S]*:3: [\s\S]*:4: .*glory[\s\S]*:5: .*within 3 s/,
    );
  });

  it('refuses a scenario that could not fail', () => {
    expect(() => parseScenario('scenario: x\nbadge ana', 'x')).toThrow('nothing is expected');
  });
});
