import { describe, expect, it } from 'vitest';
import { createWorld } from '../world/world.js';
import { junitReport } from './junit.js';
import { parseScenario } from './parse-scenario.js';
import { createRecording, firstDifference, type Played } from './recording.js';
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

async function recordedWorld(seed: number): Promise<Played> {
  const recording = createRecording();
  const world = createWorld({ seed, onBytes: recording.hear });
  await world.begin();
  return { world, recording };
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

  it('plays a second world of the same seed, and says in which second another one goes its own way', async () => {
    const again = await play(7, `${text}\nexpect same bytes again\nwait 300 ms\nexpect same bytes again`);
    expect(again.result.failure).toBeUndefined();
    const worlds = await Promise.all([1, 2].map((seed) => recordedWorld(seed)));
    expect(firstDifference(worlds[0] as Played, worlds[0] as Played)).toEqual([]);
    const [one = '', other = ''] = firstDifference(worlds[0] as Played, worlds[1] as Played);
    expect(one).toMatch(/^- +\d+\.000 s {2}\d+ pieces, SHA-256 [0-9a-f]{64}$/);
    expect(other).toMatch(/^\+ +\d+\.000 s {2}\d+ pieces/);
  });

  it('expects that something is not so, for the whole time that is named', async () => {
    const never = await play(7, `${text}\nexpect not screen receipt within 12 s`);
    expect(never.result.failure).toMatchObject({ line: 7 });
    expect((await play(7, `${text}\nexpect not holder TW-07 ben within 3 s`)).result.failure).toBeUndefined();
    const twice = () => parseScenario('scenario: x\nexpect not not screen idle', 'x');
    expect(twice).toThrow(/expect not \.\.\./);
  });

  it('plays a fleet in a world of its own, and fails where a fleet is too slow or none was played', async () => {
    const fleet = 'scenario: Fleet\nfleet 3 cabinets 1 visits in 10 s\nexpect fleet complete\nexpect fleet p99 under';
    expect((await play(7, `${fleet} 1 s`)).result.failure).toBeUndefined();
    expect((await play(7, `${fleet} 1 ms`)).result.failure).toMatchObject({ line: 4 });
    const none = await play(7, 'scenario: None\nexpect fleet complete');
    expect(none.result.failure).toMatchObject({ line: 2, diff: ['+ no fleet was played'] });
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
