import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { type EventsMessage, eventsMessage, stateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { downTopic, parseTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { systemRandom } from '@tagtrail/shared/random/system-random.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { describe, expect, it } from 'vitest';
import type { RunningEdge } from '../src/assemble-edge.js';
import { parseCredentials, parseEdgeConfig } from '../src/config.js';
import { runEdge } from '../src/run-edge.js';
import { startAedesBroker } from '../src/testing/aedes-broker.js';
import { anAddress } from '../src/testing/journal-fixtures.js';

const signingKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A cabinet on a real disk and a real broker whose devices are all unplugged. */
async function start(data: string, mqttUrl: string): Promise<RunningEdge> {
  const nowhere = (name: string) => ({ path: join(data, name) });
  return runEdge({
    config: parseEdgeConfig(
      JSON.stringify({
        ...{ credentials: 'c.json', data, kiosk: { port: 0 } },
        devices: { uhf: nowhere('uhf'), badge: nowhere('badge'), lock: nowhere('lock') },
      }),
    ),
    credentials: parseCredentials(
      JSON.stringify({ ...anAddress, name: 'Tool room', site: 'Hangar', mqttUrl, secret: 'open sesame', signingKey }),
    ),
    ...{ data, agentVersion: '0.1.0', clock: systemClock, random: systemRandom, log: silentLog },
  });
}

const batchOf = (payload: string): EventsMessage => eventsMessage.parse(JSON.parse(payload));
const isEvents = ({ topic }: { topic: string }): boolean => parseTopic(topic)?.name === 'events';

describe('the agent on a real disk and a real broker', () => {
  it('reports itself and what it lacks, and goes on with the same log after a restart', async () => {
    const broker = await startAedesBroker();
    const data = await mkdtemp(join(tmpdir(), 'tagtrail-edge-'));
    const first = await start(data, broker.url);
    expect(first.kiosk).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const before = batchOf((await broker.until(isEvents)).payload);
    expect(before.events[0]).toMatchObject({ seq: 1, kind: 'cabinet.started' });
    const lost = await broker.until(({ topic, payload }) => {
      if (topic !== upTopic(anAddress, 'state')) return false;
      const state = stateMessage.parse(JSON.parse(payload));
      return state.online && Object.values(state.devices).every(({ status }) => status === 'unplugged');
    });
    expect(stateMessage.parse(JSON.parse(lost.payload))).toMatchObject({ online: true, phase: 'out_of_order' });
    await first.stop('test');
    expect(JSON.parse(broker.received.at(-1)?.payload ?? '')).toEqual({ v: 1, online: false });

    const second = await start(data, broker.url);
    const stopped = (message: { topic: string; payload: string }): boolean =>
      isEvents(message) && batchOf(message.payload).events.some(({ kind }) => kind === 'cabinet.stopped');
    const after = batchOf((await broker.until(stopped)).payload);
    expect(after).toMatchObject({ log: before.log, from: 1, prev: before.prev });
    expect(after.events.slice(0, before.events.length)).toEqual(before.events);
    await second.stop('test');
    await broker.stop();
  });

  it('gives its log up when the cloud knows another history, keeps it, and declares it in a new one', async () => {
    const broker = await startAedesBroker();
    const data = await mkdtemp(join(tmpdir(), 'tagtrail-edge-'));
    const edge = await start(data, broker.url);
    const before = batchOf((await broker.until(isEvents)).payload);
    const now = new Date(systemClock.wallMs()).toISOString();
    const fork = { v: 1, log: before.log, expect: 500, reason: 'fork', now };
    broker.publish(downTopic(anAddress, 'committed'), JSON.stringify(fork));
    const anew = await broker.until((message) => isEvents(message) && batchOf(message.payload).log !== before.log);
    const { from, events } = batchOf(anew.payload);
    expect([from, events[0]]).toMatchObject([1, { kind: 'journal.forked', data: { previousLog: before.log } }]);
    expect(events[1]).toMatchObject({ kind: 'cabinet.started', at: before.events[0]?.at });
    expect((await readdir(join(data, 'journal'))).some((name) => name.endsWith('.aside'))).toBe(true);
    expect((await fetch(`${edge.kiosk}/api/state`)).status).toBe(200);
    await edge.stop('test');
    await broker.stop();
  });
});
