import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const door = 'cloud/test/bad-mqtt.test.ts';
const batches = 'cloud/test/bad-batches.test.ts';
const live = 'cloud/test/live.test.ts';
const hostileLive = 'cloud/test/live-hostile.test.ts';
const takeovers = 'cloud/src/broker/takeovers.test.ts';
const broker = 'cloud/src/broker/broker.test.ts';
const packets = 'cloud/src/broker/packet-check.test.ts';
const uplink = 'edge/src/uplink/uplink.test.ts';
const gate = 'edge/src/uplink/command-gate.test.ts';
const tls = 'hardware-sim/test/tls.test.ts';
const enrolment = 'cloud/test/enrolment.test.ts';
const ingestTests = 'cloud/src/ingest/ingest.test.ts';

/** What a hostile or broken peer may send over MQTT and to the live feed, and the test that says what becomes of it. */
const badInput: readonly (readonly [row: string, sends: string, file: string, test: string])[] = [
  [
    'S73',
    'a will on a foreign topic',
    broker,
    'refuses a wrong secret, a foreign client id, a revoked cabinet and a will elsewhere',
  ],
  ['S73', 'a will with QoS 3', packets, 'a will with QoS 3'],
  ['S73', 'a will of a megabyte', packets, 'a CONNECT over 4 KiB'],
  ['S74', 'the retained flag', door, 'keeps nothing of a cabinet at the broker but its state'],
  ['S75', 'QoS 2', broker, 'swallows and reports what a cabinet may not send, and keeps the connection'],
  ['S75', 'QoS 2 without end', door, 'cuts off who begins QoS 2 without end, and hears nothing of it'],
  [
    'S76',
    'a client id without its secret',
    broker,
    'refuses a wrong secret, a foreign client id, a revoked cabinet and a will elsewhere',
  ],
  [
    'S76',
    'two devices that throw each other out',
    takeovers,
    'are allowed now and then, and refused as long as a loop of them lasts',
  ],
  [
    'S76',
    'a cloned cabinet',
    ingestTests,
    'names a cabinet of which two devices speak in turn, once, and loses nothing of either',
  ],
  ['S76', 'a cloned key', ingestTests, 'sets a fork aside once, says so each time and adds one line to the trail'],
  ['S76', 'a cabinet that does not exist', door, 'lets no cabinet in that does not exist, and tells the office of it'],
  ['S77', 'any bytes', packets, 'never throws and never passes on a packet after a refusal, whatever comes'],
  ['S77', 'what took other brokers down', door, 'stays up and open for others after %s'],
  ['S78', 'NUL in a user name', packets, 'NUL in a user name'],
  ['S78', 'a surrogate in a user name', packets, 'a surrogate in a user name'],
  ['S78', 'NUL in the topic of a will', packets, 'NUL in the topic of a will'],
  ['S78', 'NUL in a topic', packets, 'NUL in a topic'],
  ['S78', 'a surrogate in a topic', packets, 'a surrogate in a topic'],
  ['S78', 'NUL in a client id', packets, 'NUL in a client id'],
  ['S79', 'no ping', door, 'gives up a cabinet that does not ping'],
  ['S79', 'no keepalive, or one of a day', door, 'refuses a keepalive of %i seconds'],
  [
    'S80',
    'a batch again',
    ingestTests,
    'answers a batch again that it has, whole or in part, and stores nothing twice',
  ],
  ['S80', 'a batch of another cabinet', batches, 'believes no batch that another cabinet signed, and raises the alarm'],
  ['S81', 'a forged acknowledgement', uplink, 'ignores and counts forged acknowledgements'],
  ['S81', 'one that nobody signed', uplink, 'lets nothing go for an acknowledgement that the cloud did not sign'],
  ['S82', 'a command again', gate, 'lets each command through once, also over a restart'],
  ['S82', 'a forged command', gate, 'does not use up a counter for a forged command'],
  ['S83', 'a compressed batch', batches, 'inflates nothing'],
  ['S84', 'an absurd range', batches, 'sets aside a batch from %s to %s without an answer'],
  ['S84', 'a gap of a million million', batches, 'asks again for what is missing over any gap'],
  ['S84', 'an absurd sequence in an event', batches, 'sets aside an event that says it is number %s, and goes on'],
  ['S84', 'an absurd count in an event', batches, 'sets aside an event that counts %s, and goes on'],
  ['S84', 'an absurd count in a state', batches, 'sets aside a state with a number that no list could be read with'],
  [
    'S85',
    'an event with too many tags',
    batches,
    'sets aside an event with more tags than a cabinet holds, and goes on',
  ],
  ['S85', 'an event of a megabyte', packets, 'more than 256 KiB in a later packet'],
  ['S86', 'old protocols and weak ciphers', tls, 'is offered TLS 1.2 and 1.3, and nothing that is older or weak'],
  ['S86', 'renegotiation without end', tls, 'cannot be made to shake hands again and again'],
  ['S87', 'a WebSocket', door, 'speaks nothing but MQTT'],
  [
    'S88',
    'a code of another customer',
    enrolment,
    'opens nothing of another customer, whose code it is or who asks for it',
  ],
  ['S88', 'a code twice or late', enrolment, 'takes a code once, and only within a quarter of an hour'],
  [
    'S88',
    'guessed codes',
    enrolment,
    'tells nothing about codes that do not exist, and locks one after five wrong tries',
  ],
  [
    'S88',
    'a key of somebody else',
    enrolment,
    'refuses a key that the sender does not hold, without using the code up',
  ],
  ['S89', 'no token, or that of nobody', live, 'refuses a connection %s'],
  ['S89', 'a token in the query string', live, 'refuses a token in the query string, and writes it into no log'],
  ['S90', 'a sign-in that is ended', live, 'cuts the connections of a sign-in that is ended, and no others'],
  [
    'S90',
    'one that ends unannounced',
    live,
    'notices within five seconds that a sign-in is gone though nobody told, and cuts no other',
  ],
  ['S91', 'a page of another web site', live, 'refuses a page of another web site'],
  ['S92', 'broken and oversized packets', hostileLive, 'closes the connection on %s, and no other'],
  ['S92', 'a thousand events', hostileLive, 'closes a connection that floods, and says little about it'],
  ['S93', 'events of the server', hostileLive, 'ignores the event %s of a client, logs it, and tells nobody'],
  ['S93', 'requests of the wrong shape', hostileLive, 'refuses to watch for %s, and watches when asked properly'],
  ['S94', 'too many connections', live, 'opens at most ten connections for one user'],
  [
    'S95',
    'a foreign cursor',
    hostileLive,
    'answers a cursor of another customer, or of nowhere, with the own trail only',
  ],
];

describe('every bad input over MQTT and to the live feed', () => {
  it('is in the table', () => {
    const rows = Array.from({ length: 95 - 73 + 1 }, (_, row) => `S${73 + row}`);
    expect([...new Set(badInput.map(([row]) => row))]).toEqual(rows);
  });

  it.each(badInput)('%s, %s: has its test', (_row, _sends, file, test) => {
    const text = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
    expect(text.includes(`'${test}'`), file).toBe(true);
  });
});
