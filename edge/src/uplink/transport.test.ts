import { silentLog } from '@tagtrail/shared/log/log.js';
import { downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { describe, expect, it } from 'vitest';
import { type AedesBroker, startAedesBroker } from '../testing/aedes-broker.js';
import { anAddress } from '../testing/journal-fixtures.js';
import { createMemoryBroker } from '../testing/memory-broker.js';
import { describeTransport } from '../testing/transport.contract.js';
import { createMqttTransport } from './mqtt-transport.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import { offlineMessage } from './uplink.js';

/** Real time, except that nobody waits ten seconds for a reconnect. */
const hurriedClock: Clock = {
  ...systemClock,
  startTimer: (name, delayMs, fire) =>
    systemClock.startTimer(name, name === 'uplink.reconnect' ? delayMs / 100 : delayMs, fire),
};

const mqttTransport = (url: string) =>
  createMqttTransport({
    ...{ url, identity: anAddress, secret: 'open sesame', will: offlineMessage(anAddress) },
    ...{ clock: hurriedClock, random: seededRandom('mqtt'), log: silentLog },
  });

const topics = { up: upTopic(anAddress, 'state'), down: downTopic(anAddress, 'committed') };

describeTransport('the broker in memory', topics, async () => {
  const broker = createMemoryBroker();
  return {
    transport: broker.transport,
    received: () => broker.sent,
    deliver: broker.deliver,
    open: async () => broker.up(),
    cut: async () => broker.down(),
    dispose: async () => {},
  };
});

describeTransport('MQTT over a real broker', topics, async () => {
  let broker: AedesBroker | undefined = await startAedesBroker();
  const { url } = broker;
  const received: { topic: string; payload: string; retain: boolean }[] = [];
  const cut = async (): Promise<void> => {
    received.push(...(broker?.received ?? []));
    await broker?.stop();
    broker = undefined;
  };
  await cut();
  return {
    transport: mqttTransport(url),
    received: () => [...received, ...(broker?.received ?? [])],
    deliver: (topic, payload) => broker?.publish(topic, payload),
    open: async () => {
      broker = await startAedesBroker(Number(new URL(url).port));
    },
    cut,
    dispose: cut,
  };
});

describe('the MQTT transport', () => {
  it('logs in as its cabinet and leaves its last will when it is cut off', async () => {
    const broker = await startAedesBroker();
    const transport = mqttTransport(broker.url);
    let disconnected = (): void => {};
    const lost = new Promise<void>((resolve) => {
      disconnected = resolve;
    });
    await new Promise<void>((resolve) => {
      transport.start({ onConnected: resolve, onDisconnected: () => disconnected(), onMessage: () => {} });
    });
    expect(broker.logins).toEqual([`${anAddress.cabinet} ${anAddress.tenant}/${anAddress.cabinet} open sesame`]);
    broker.cutAll();
    await lost;
    const will = await broker.until(({ topic }) => topic === offlineMessage(anAddress).topic);
    expect(will).toEqual({ ...offlineMessage(anAddress), retain: true });
    await transport.close(offlineMessage(anAddress));
    await broker.stop();
  });
});

describe('the reconnect delay', () => {
  it('is 1 to 10 s at first and up to 60 s later', () => {
    const random = seededRandom('delay');
    const fresh = false;
    const drawn = (failures: number) =>
      Array.from({ length: 500 }, () => reconnectDelayMs(failures, { fresh, random }));
    const first = drawn(1);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...first)).toBeLessThanOrEqual(10_000);
    expect(Math.max(...drawn(9))).toBeLessThanOrEqual(60_000);
    expect(Math.max(...drawn(9))).toBeGreaterThan(50_000);
  });

  it('is short for an agent that has just started, for a while', () => {
    const random = seededRandom('delay');
    const drawn = (failures: number) =>
      Array.from({ length: 200 }, () => reconnectDelayMs(failures, { fresh: true, random }));
    expect(Math.max(...drawn(10))).toBeLessThanOrEqual(2_000);
    expect(Math.max(...drawn(11))).toBeGreaterThan(10_000);
  });
});
