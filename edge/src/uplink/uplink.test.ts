import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { nextChain } from '@tagtrail/shared/chain/record-chain.js';
import { silentLog } from '@tagtrail/shared/log/log.js';
import { type CommittedMessage, commandCounterText, signedText, stateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { downSignedText, withDownSignature } from '@tagtrail/shared/mqtt/signed-down.js';
import { downTopic, upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { newHealth, onlineState } from '../health/cabinet-health.js';
import { aBoot, aDraft, anAddress, openTestJournal, sha256 } from '../testing/journal-fixtures.js';
import { createMemoryBroker, type MemoryBroker } from '../testing/memory-broker.js';
import { createScriptedCloud } from '../testing/scripted-cloud.js';
import { createSimulatedDisk, type SimulatedDisk } from '../testing/simulated-disk.js';
import { createBatchSigner } from './batch-signer.js';
import { createCloudCheck } from './cloud-key.js';
import { readSigningKey } from './signing-key.js';
import { createUplink } from './uplink.js';
import type { UplinkOptions } from './uplink-options.js';

const keys = generateKeyPairSync('ed25519');
const signingKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function aCabinet(
  broker: MemoryBroker,
  disk: SimulatedDisk = createSimulatedDisk(),
  trust: Pick<UplinkOptions, 'isFromCloud' | 'commands'> = {},
) {
  const clock = new VirtualClock();
  const journal = await openTestJournal(disk, { clock, segmentBytes: 1_000_000 });
  const received: unknown[] = [];
  const uplink = createUplink({
    ...{ transport: broker.transport, journal, clock, log: silentLog, identity: anAddress, boot: aBoot },
    sign: createBatchSigner(signingKey),
    agentVersion: '0.1.0',
    rulebookVersion: () => 0,
    getState: () =>
      onlineState(newHealth([1], '2026-01-05T06:00:00.000Z'), {
        ...{ atIso: '2026-01-05T06:00:00.000Z', pending: journal.pending(), rulebookVersion: 0 },
        ...{ session: null, phase: 'idle', present: 0 },
      }),
    ...trust,
    onRulebook: (rulebook) => received.push(rulebook),
    onCommand: (command) => received.push(command),
    onConnection: (connected) => received.push(connected),
  });
  uplink.start();
  const record = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await journal.record(aDraft(n), 'now');
  };
  const settle = (): Promise<void> => clock.advance(0);
  return { clock, journal, uplink, record, settle, received, disk };
}

describe('the uplink', () => {
  it('says hello, then sends what the cloud has not acknowledged, signed', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    const { journal, record, settle } = await aCabinet(broker);
    await record(3);
    broker.up();
    await settle();
    expect(cloud.hellos[0]).toMatchObject({ log: journal.logId, firstUnacked: 1, last: 3, boot: aBoot });
    expect(cloud.committed.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(journal.pending()).toEqual({ count: 0, oldestAt: null });
    const [batch] = cloud.batches;
    if (batch === undefined) throw new TypeError('no batch');
    const chain = batch.events.reduce((value, event) => nextChain(sha256, value, event as never), batch.prev);
    const text = Buffer.from(signedText({ ...batch, chain }));
    const publicKey = createPublicKey(keys.publicKey.export({ type: 'spki', format: 'pem' }));
    expect(verify(null, text, publicKey, Buffer.from(batch.sig, 'base64url'))).toBe(true);
  });

  it('vouches in its hello for the last command that it carried out, once there is one', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    let counter = 0;
    const { settle } = await aCabinet(broker, createSimulatedDisk(), {
      commands: { lastCounter: () => counter, sign: readSigningKey(signingKey).sign },
    });
    broker.up();
    await settle();
    counter = 7;
    broker.down();
    broker.up();
    await settle();
    const [first, second] = cloud.hellos.map(({ commands }) => commands);
    expect([first, second?.counter]).toEqual([undefined, 7]);
    const text = Buffer.from(commandCounterText({ ...anAddress, counter: 7 }));
    expect(verify(null, text, keys.publicKey, Buffer.from(second?.sig ?? '', 'base64url'))).toBe(true);
  });

  it('keeps one batch in flight and makes the next one larger while the cloud is slow', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    const answers: (() => void)[] = [];
    cloud.answerWith((message, pass) => {
      if ('upTo' in message && message.upTo === 0) pass(message);
      else answers.push(() => pass(message));
    });
    const { record, settle } = await aCabinet(broker);
    broker.up();
    await record(1);
    await settle();
    await record(40);
    await settle();
    expect(cloud.batches.map(({ from, to }) => [from, to])).toEqual([[1, 1]]);
    answers.shift()?.();
    await settle();
    expect(cloud.batches.map(({ from, to }) => [from, to])).toEqual([
      [1, 1],
      [2, 41],
    ]);
  });

  it('sends again by timer, slower each time, while the cloud takes nothing', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    cloud.takeIf(() => false);
    const { record, clock, journal } = await aCabinet(broker);
    broker.up();
    await record(1);
    await clock.advance(4_999);
    expect(cloud.batches).toHaveLength(1);
    await clock.advance(1);
    expect(cloud.batches).toHaveLength(2);
    await clock.advance(10_000);
    expect(cloud.batches).toHaveLength(3);
    await clock.advance(10 * 60_000);
    expect(cloud.batches.length).toBeLessThan(16);
    cloud.takeIf(() => true);
    await clock.advance(60_000);
    expect(cloud.committed).toHaveLength(1);
    expect(journal.pending().count).toBe(0);
  });

  it('takes an acknowledgement that comes late and one that comes twice', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    cloud.answerWith((message, pass) => {
      clock.startTimer('late', 7_000, () => {
        pass(message);
        pass(message);
      });
    });
    const { record, clock, journal, uplink } = await aCabinet(broker);
    broker.up();
    await record(2);
    await clock.advance(30_000);
    expect(cloud.committed).toHaveLength(2);
    expect(cloud.duplicates()).toBeGreaterThan(0);
    expect(journal.pending().count).toBe(0);
    expect(uplink.status().counts.repeated).toBeGreaterThan(0);
  });

  it('sends again what the cloud committed and died over before it could say so, and nothing doubles', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    let silent = true;
    cloud.answerWith((message, pass) => {
      if (!silent) pass(message);
    });
    const first = await aCabinet(broker);
    await first.record(3);
    broker.up();
    await first.settle();
    expect(cloud.committed).toHaveLength(3);
    expect(first.journal.pending().count).toBe(3);
    silent = false;
    broker.down();
    broker.up();
    await first.settle();
    await first.record(1);
    await first.settle();
    expect(cloud.committed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(first.journal.pending().count).toBe(0);
  });

  it('goes on after a restart of the agent that lost the acknowledgement', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    cloud.answerWith(() => {});
    const before = await aCabinet(broker);
    await before.record(3);
    broker.up();
    await before.settle();
    const closed = before.uplink.close();
    await before.clock.advance(1_000);
    await closed;
    cloud.answerWith((message, pass) => pass(message));
    const after = await aCabinet(broker, before.disk);
    await after.record(2);
    broker.up();
    await after.settle();
    expect(cloud.committed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(after.journal.acknowledged()).toBe(5);
  });

  it('gives the grace copy when the cloud was restored from an older backup', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    const { record, settle, journal } = await aCabinet(broker);
    broker.up();
    await record(10);
    await settle();
    cloud.restoreTo(4);
    broker.down();
    broker.up();
    await settle();
    expect(cloud.committed.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(journal.acknowledged()).toBe(10);
    await record(1);
    await settle();
    expect(cloud.committed).toHaveLength(11);
  });

  it('ignores and counts forged acknowledgements', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    cloud.takeIf(() => false);
    const { record, settle, journal, uplink } = await aCabinet(broker);
    broker.up();
    await record(2);
    await settle();
    const forge = (over: Partial<Extract<CommittedMessage, { upTo: number }>>) =>
      broker.deliver(
        downTopic(anAddress, 'committed'),
        JSON.stringify({
          v: 1,
          log: journal.logId,
          upTo: 2,
          chain: journal.head().chain,
          now: '2026-01-05T06:00:00.000Z',
          ...over,
        }),
      );
    forge({ chain: 'f'.repeat(64) });
    forge({ log: 'f'.repeat(32) });
    forge({ upTo: 3 });
    await settle();
    expect(journal.acknowledged()).toBe(0);
    expect(uplink.status().counts).toMatchObject({ wrongChain: 1, wrongLog: 1, beyondLast: 1, committed: 0 });
    forge({});
    await settle();
    expect(journal.acknowledged()).toBe(2);
  });

  it('shows a fork as a fault until the cloud takes the stream again', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    cloud.takeIf(() => false);
    const { record, settle, journal, uplink, clock } = await aCabinet(broker);
    broker.up();
    await record(1);
    await settle();
    const fork = { v: 1, log: journal.logId, expect: 1, reason: 'fork', now: '2026-01-05T06:00:00.000Z' };
    broker.deliver(downTopic(anAddress, 'committed'), JSON.stringify(fork));
    await settle();
    expect(uplink.status().fault).toMatchObject({ reason: 'fork' });
    cloud.takeIf(() => true);
    await clock.advance(60_000);
    expect(uplink.status().fault).toBeNull();
    expect(cloud.committed).toHaveLength(1);
  });

  it('never throws over what comes down, and counts what it discards', async () => {
    const broker = createMemoryBroker();
    const { uplink, received } = await aCabinet(broker);
    broker.up();
    const committed = downTopic(anAddress, 'committed');
    broker.deliver(committed, 'not json');
    broker.deliver(committed, '{"v":1}');
    broker.deliver(committed, Uint8Array.of(0xff, 0xfe));
    broker.deliver(downTopic(anAddress, 'rulebook'), '{"version":"seven"}');
    broker.deliver('tagtrail/v1/x/y/down/committed', '{}');
    broker.deliver(upTopic(anAddress, 'state'), '{}');
    broker.deliver(downTopic(anAddress, 'rulebook'), '');
    expect(uplink.status().discarded).toEqual({ not_json: 2, wrong_shape: 2, foreign_topic: 2, empty: 1 });
    expect(received).toEqual([true]);
  });

  it('gives the last records a moment to arrive before it leaves', async () => {
    const broker = createMemoryBroker();
    const cloud = createScriptedCloud(broker);
    const { uplink, record, settle, clock } = await aCabinet(broker);
    broker.up();
    await settle();
    cloud.answerWith((message, pass) => clock.startTimer('slow', 300, () => pass(message)));
    await record(1);
    const closed = uplink.close();
    await clock.advance(299);
    expect(JSON.parse(broker.sent.at(-1)?.payload ?? '')).not.toEqual({ v: 1, online: false });
    await clock.advance(1);
    await closed;
    expect(cloud.committed).toHaveLength(1);
    expect(JSON.parse(broker.sent.at(-1)?.payload ?? '')).toEqual({ v: 1, online: false });
  });

  it('repeats its state every 10 s, gathers changes, and says goodbye', async () => {
    const broker = createMemoryBroker();
    const { uplink, clock } = await aCabinet(broker);
    broker.up();
    const states = () => broker.sent.filter(({ topic }) => topic === upTopic(anAddress, 'state'));
    await clock.advance(0);
    expect(states()).toHaveLength(1);
    await clock.advance(10_000);
    expect(states()).toHaveLength(2);
    uplink.stateChanged();
    uplink.stateChanged();
    await clock.advance(200);
    expect(states()).toHaveLength(3);
    await uplink.close();
    expect(states().every(({ payload, retain }) => retain && stateMessage.safeParse(JSON.parse(payload)).success)).toBe(
      true,
    );
    expect(JSON.parse(states().at(-1)?.payload ?? '')).toEqual({ v: 1, online: false });
    await clock.advance(60_000);
    expect(states()).toHaveLength(4);
  });
});

describe('the uplink of a cabinet that knows the cloud', () => {
  const cloudKey = generateKeyPairSync('ed25519');
  const isFromCloud = createCloudCheck(cloudKey.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  const signed = (topic: string, body: string, key = cloudKey.privateKey): string =>
    withDownSignature(body, sign(null, Buffer.from(downSignedText(topic, body)), key).toString('base64url'));
  const command = JSON.stringify({
    ...{ v: 1, id: 'c1', counter: 1, expiresAt: '2026-01-05T06:01:00.000Z', kind: 'unlock' },
  });
  const topic = downTopic(anAddress, 'command');

  it('lets nothing go for an acknowledgement that the cloud did not sign', async () => {
    const broker = createMemoryBroker();
    const { journal, record, settle, uplink } = await aCabinet(broker, createSimulatedDisk(), { isFromCloud });
    await record(3);
    broker.up();
    await settle();
    const { chain } = journal.head();
    const ack: CommittedMessage = { v: 1, log: journal.logId, upTo: 3, chain, now: '2026-01-05T06:00:00.000Z' };
    const committed = downTopic(anAddress, 'committed');
    broker.deliver(committed, JSON.stringify(ack));
    broker.deliver(committed, signed(committed, JSON.stringify(ack), keys.privateKey));
    await settle();
    expect(journal.pending().count).toBe(3);
    expect(uplink.status().discarded).toEqual({ forged: 2 });
    broker.deliver(committed, signed(committed, JSON.stringify(ack)));
    await settle();
    expect(journal.pending().count).toBe(0);
  });

  it('tells a forged command from the cloud’s own', async () => {
    const broker = createMemoryBroker();
    const { settle, received } = await aCabinet(broker, createSimulatedDisk(), { isFromCloud });
    broker.up();
    await settle();
    received.length = 0;
    broker.deliver(topic, command);
    broker.deliver(topic, signed(topic, command, keys.privateKey));
    broker.deliver(topic, signed(topic.replace(anAddress.cabinet, 'cabinet_other'), command));
    broker.deliver(topic, signed(topic, command).replace('unlock', 'count_now'));
    broker.deliver(topic, signed(topic, command));
    expect(received).toMatchObject([false, false, false, false, true].map((is) => ({ signed: is })));
  });
});
