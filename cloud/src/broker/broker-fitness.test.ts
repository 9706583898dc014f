import type { Log } from '@tagtrail/shared/log/log.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { afterEach, describe, expect, it } from 'vitest';
import { mosquittoMissing, startTestBroker, type TestBroker } from '../testing/test-broker.js';
import { type BrokerTrials, brokerFaults, largestPacketBytes, refusalText } from './broker-fitness.js';
import { type ExternalBroker, joinExternalBroker } from './external-broker.js';

const fit: BrokerTrials = { offers: {}, listened: 1, spoke: 0 };
const codesOf = (trials: BrokerTrials): string[] => brokerFaults(trials).map(({ code }) => code);

describe('the faults of a broker', () => {
  it('are none where it grants all, by words or by silence', () => {
    expect(codesOf(fit)).toEqual([]);
    const offers = {
      ...{ sharedSubscriptionAvailable: true, wildcardSubscriptionAvailable: true, retainAvailable: true },
      ...{ maximumQoS: 1, maximumPacketSize: largestPacketBytes },
    };
    expect(codesOf({ ...fit, offers })).toEqual([]);
    // "No matching subscribers" is what a message to nobody is told.
    expect(codesOf({ ...fit, spoke: 16 })).toEqual([]);
  });

  it.each([
    ['broker.no_shared_subscriptions', { offers: { sharedSubscriptionAvailable: false } }],
    ['broker.no_wildcards', { offers: { wildcardSubscriptionAvailable: false } }],
    ['broker.no_retain', { offers: { retainAvailable: false } }],
    ['broker.no_qos_1', { offers: { maximumQoS: 0 } }],
    ['broker.small_packets', { offers: { maximumPacketSize: largestPacketBytes - 1 } }],
    ['broker.listening_refused', { listened: 0x87 }],
    ['broker.speaking_refused', { spoke: 0x87 }],
  ] as const)('say %s', (code, trial) => {
    expect(codesOf({ ...fit, ...trial })).toEqual([code]);
  });

  it('ask nothing of subscriptions for a process that only speaks', () => {
    const offers = { sharedSubscriptionAvailable: false, wildcardSubscriptionAvailable: false };
    expect(codesOf({ ...fit, offers, listened: null })).toEqual([]);
  });
});

const missing = mosquittoMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

describe.skipIf(missing !== undefined)('a broker that is joined', () => {
  let broker: TestBroker | undefined;
  let link: ExternalBroker | undefined;
  const said: string[] = [];
  afterEach(async () => {
    await link?.close();
    await broker?.close();
    said.length = 0;
  });

  async function join(faulty: Parameters<typeof startTestBroker>[1], url = (of: TestBroker) => of.cloudUrl) {
    broker = await startTestBroker([], faulty);
    const note = (fields: object, name: string): void => {
      said.push(`${name} ${'reason' in fields ? String(fields.reason) : ''}`.trim());
    };
    const log: Log = { ...silentLog, info: note, warn: note, error: note };
    let connects = 0;
    link = joinExternalBroker({
      ...{ url: url(broker), clientId: 'tagtrail-cloud-test', log, onMessage: () => {} },
      onConnected: () => {
        connects += 1;
      },
    });
    return { connects: () => connects };
  }

  it('is used where it fits', async () => {
    const { connects } = await join({});
    await expect.poll(connects).toBe(1);
    expect(link?.faults()).toEqual([]);
    expect(said).toEqual(['broker.external.connected']);
  });

  it('is named for all that it refuses or cannot do', async () => {
    const { connects } = await join({
      settings: 'max_qos 0\nretain_available false\n',
      cloudAcl: 'user tagtrail-cloud\ntopic read tagtrail/v1/+/+/up/+\n',
    });
    await expect.poll(connects).toBe(1);
    expect(link?.faults().map(({ code }) => code)).toEqual(expect.arrayContaining(['broker.no_qos_1']));
    expect(said.join('\n')).toContain('broker.external.unfit It passes messages with QoS 0 only: allow QoS 1');
  });

  it('is told that the cloud may not speak to cabinets', async () => {
    const { connects } = await join({ cloudAcl: 'user tagtrail-cloud\ntopic read tagtrail/v1/+/+/up/+\n' });
    await expect.poll(connects).toBe(1);
    expect(link?.faults().map(({ code }) => code)).toEqual(['broker.speaking_refused']);
    expect(said.join('\n')).toContain('allow its account to write tagtrail/v1/+/+/down/+');
  });

  it('says which setting is wrong where it does not let the cloud in, and the cloud goes on trying', async () => {
    await join({}, ({ cloudUrl }) => cloudUrl.replace('of-this-test', 'of-another'));
    await expect.poll(() => said.join('\n')).toContain('It does not let in the user and password of MQTT_URL');
    expect(link?.connected).toBe(false);
    expect(refusalText(0x84)).toContain('MQTT 5');
  });
});
