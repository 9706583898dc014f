import { describe, expect, it } from 'vitest';
import { junitReport } from './junit.js';
import { parseScenario } from './parse-scenario.js';
import { runScenario } from './run-scenario.js';

const text = `scenario: One visit
badge ana
open door 1
take TW-07
close
expect taken TW-07 by ana within 5 s`;

async function play(seed: number, scenario = text) {
  const bytes: string[] = [];
  const result = await runScenario(parseScenario(scenario, 'visit'), {
    seed,
    onBytes: ({ atMs, device, way, hex }) => bytes.push(`${atMs} ${device} ${way} ${hex}`),
  });
  return { result, bytes };
}

describe('runScenario', () => {
  it('gives the same bytes and the same events for a seed, others for another', async () => {
    const first = await play(7);
    expect(first.result.failure).toBeUndefined();
    expect(first.bytes.length).toBeGreaterThan(500);
    expect(await play(7)).toEqual(first);
    const other = await play(8);
    expect(other.bytes).not.toEqual(first.bytes);
    expect(other.result.events).not.toEqual(first.result.events);
  });

  it('waits for the real hash of a PIN, and still gives the same bytes for a seed', async () => {
    const withPin = text.replace('badge ana', 'pin ana wrong\nexpect refused pin_wrong\nwait 6 s\npin ana');
    const first = await play(7, withPin);
    expect(first.result.failure).toBeUndefined();
    expect(await play(7, withPin)).toEqual(first);
  });

  it('fails at a tap that the screen refuses, unless it is only tried', async () => {
    const refused = parseScenario(text.replace('badge ana', 'shift end'), 'refused');
    const { failure } = await runScenario(refused, { seed: 7 });
    expect(failure).toMatchObject({ line: 2, problem: expect.stringContaining('not_signed_in') });
    const tried = text.replace('badge ana', 'try shift end\nexpect answer not_signed_in\nbadge ana');
    expect((await play(7, tried)).result.failure).toBeUndefined();
  });

  it('says which line failed and what was recorded instead, and JUnit says it too', async () => {
    const wrong = parseScenario(text.replace('by ana', 'by ben'), 'wrong');
    const { failure } = await runScenario(wrong, { seed: 7 });
    expect(failure).toMatchObject({ line: 6, problem: 'not so: expect taken TW-07 by ben within 5 s' });
    expect(failure?.diff[0]).toBe('- taken TW-07 by ben within 5 s');
    expect(failure?.diff.some((line) => line.startsWith('+') && line.includes('taken TW-07 by ana'))).toBe(true);
    const report = junitReport('suite', [
      { name: 'a <b>', file: 'x', seconds: 1, properties: { seed: '7' }, failure: { message: 'm & n', text: 'x' } },
    ]);
    expect(report).toContain('tests="1" failures="1"');
    expect(report).toContain('name="a &lt;b&gt;"');
    expect(report).toContain('<property name="seed" value="7"/>');
  });
});
