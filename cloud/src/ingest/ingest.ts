import { errorText, isAppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CommittedMessage } from '@tagtrail/shared/mqtt/messages.js';
import { type CabinetAddress, downTopic, parseTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { StageCounts } from '../metrics/stage-book.js';
import { takeWitness } from '../proof/take-witness.js';
import { type RulebookNeed, rulebookNeed } from '../rulebooks/rulebook-need.js';
import type { Store } from '../store/prisma.js';
import { createCabinetDirectory, type KnownCabinet, keysOf } from './cabinet-directory.js';
import { createCabinetPresence } from './cabinet-presence.js';
import { type Batch, decodeEvents, decodeHello, decodeState, decodeWitness } from './decode.js';
import { answerHello, type HelloAnswer } from './hello.js';
import { booksOf, createIngestCounts, type IngestCounts, type MessageOutcome } from './ingest-counts.js';
import { liftCommandCounter } from './lift-command-counter.js';
import type { QuarantineReason } from './quarantine.js';
import { readStream } from './read-stream.js';
import { createSetAside } from './set-aside.js';
import { type BatchOutcome, storeBatches, type VerifiedBatch } from './store-batches.js';
import { noteAskedAgain } from './stream-gaps.js';
import { streamName } from './stream-rows.js';
import { createTenantQueue } from './tenant-queue.js';
import { createUnknownCabinets } from './unknown-cabinets.js';
import { verifyBatch } from './verify.js';

/** Takes cabinets' messages in: each exactly once into the trail, acknowledged after the commit. */
export interface Ingest {
  /** Resolves when the message has had its whole effect; never rejects. */
  receive(topic: string, payload: Uint8Array): Promise<void>;
  /** Sets aside what the broker refused, without a word to the cabinet. */
  refuse(
    address: CabinetAddress,
    reason: QuarantineReason,
    what: { detail: string; payload: Uint8Array },
  ): Promise<void>;
  /** Notes that a cabinet which does not exist was not let in. */
  knocked(address: CabinetAddress): Promise<void>;
  /** Looks a cabinet up again before it believes it the next time. */
  forget(address: CabinetAddress): void;
  /** How many messages and events left by each door. */
  counts(): IngestCounts;
  /** The same as the books of the two stages of ingest. */
  books(): { readonly messages: StageCounts; readonly events: StageCounts };
  /** Writes the cabinet states that wait to be written together. */
  flushStates(): Promise<void>;
  /** Takes no more, and resolves when everything received has been stored and answered. */
  close(): Promise<void>;
}

export interface IngestOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Sends to a cabinet; a message that is lost is asked for again by the cabinet. */
  readonly send: (topic: string, body: string) => Promise<void>;
  /** What was stored of this customer (UUID) asks something of its rulebooks. */
  readonly onRulebookNeed?: (tenant: string, need: RulebookNeed) => void;
  /** A cabinet has said which rulebook it has. */
  readonly onHello?: (address: CabinetAddress, rulebookVersion: number) => Promise<void>;
}

export function createIngest(options: IngestOptions): Ingest {
  const { store, clock, random, log } = options;
  const directory = createCabinetDirectory(store, clock);
  const presence = createCabinetPresence({ store, clock, log });
  const noteUnknown = createUnknownCabinets({ store, clock, random, log });
  const setAside = createSetAside({ store, clock, random, log });
  const counts = createIngestCounts();
  const running = new Set<Promise<void>>();
  let eventsInFlight = 0;
  let isClosing = false;
  const queue = createTenantQueue<VerifiedBatch, BatchOutcome>({
    together: 64,
    atOnce: 2,
    waitAtMost: 1024,
    streamOf: ({ cabinet, batch }) => streamName({ cabinetId: cabinet.id, logId: batch.log }),
    store: async (tenant, batches) => {
      const stored = await storeBatches({ store, random, wallMs: clock.wallMs() }, tenant, batches);
      counts.events(stored.counts);
      batches.forEach((item, place) => {
        tell(item, stored.outcomes[place]);
      });
      const need = rulebookNeed([...stored.kinds].map((kind) => ({ kind, source: 'cabinet' })));
      if (need !== 'nothing') options.onRulebookNeed?.(tenant, need);
      return stored.outcomes;
    },
  });

  async function take(topic: string, payload: Uint8Array): Promise<MessageOutcome> {
    const address = parseTopic(topic);
    if (address === undefined || address.direction !== 'up') return 'ignored';
    const cabinet = await directory.find(address);
    if (cabinet === undefined) await noteUnknown(address, payload);
    if (cabinet === undefined || cabinet.revoked) return 'stranger';
    if (address.name === 'events') return await takeEvents({ address, cabinet }, payload);
    if (address.name === 'hello') return await takeHello({ address, cabinet }, payload);
    if (address.name === 'witness') return await takeCosignature({ address, cabinet }, payload);
    return await takeState(cabinet, payload);
  }

  /** A cosignature by a key that was announced a moment ago may not be known yet; the next one will be. */
  async function takeCosignature(from: Sender, payload: Uint8Array): Promise<MessageOutcome> {
    const decoded = decodeWitness(payload);
    if (!decoded.ok) return await unreadable(from.cabinet, decoded.detail, payload);
    const outcome = await takeWitness(store, from.cabinet, decoded.value);
    if (outcome.kind === 'bad_signature') {
      log.warn({ cabinet: from.cabinet.id }, 'ingest.cosignature.wrong');
      return 'ignored';
    }
    if (outcome.kind !== 'show') return 'answered';
    await options.send(downTopic(from.address, 'checkpoint'), JSON.stringify(outcome.message));
    return 'answered';
  }

  async function takeEvents(from: Sender, payload: Uint8Array): Promise<MessageOutcome> {
    const decoded = decodeEvents(payload);
    if (!decoded.ok) return await unreadable(from.cabinet, decoded.detail, payload);
    const batch = decoded.value;
    const verified = await verifiedBy(from, batch);
    if (verified === undefined) return await badSignature(from, batch, payload);
    const item = { cabinet: from.cabinet, batch, chains: verified };
    counts.eventsIn(batch.events.length);
    eventsInFlight += batch.events.length;
    const outcome = await queue
      .add(from.cabinet.tenant, item)
      .catch((error: unknown) => notStored(item, error))
      .finally(() => {
        eventsInFlight -= batch.events.length;
      });
    if (outcome === undefined) return 'not_stored';
    if (outcome.kind === 'revoked') return 'stranger';
    await answer(from.address, batch.log, outcome);
    if (outcome.kind === 'expect' && outcome.reason === 'gap') await askedAgain(from, batch.log, outcome.expect, false);
    return 'answered';
  }

  /** The chain values by any key of the cabinet; one that was announced a moment ago may not be known yet. */
  async function verifiedBy(from: Sender, batch: Batch): Promise<readonly string[] | undefined> {
    const known = verifyByAny(batch, from.cabinet);
    if (known !== undefined) return known;
    const anew = await directory.findAnew(from.address);
    return anew === undefined || anew.revoked ? undefined : verifyByAny(batch, anew);
  }

  async function takeHello(from: Sender, payload: Uint8Array): Promise<MessageOutcome> {
    const decoded = decodeHello(payload);
    if (!decoded.ok) return await unreadable(from.cabinet, decoded.detail, payload);
    const hello = decoded.value;
    const clockOffsetMs = Math.round(clock.wallMs() - Date.parse(hello.wall));
    presence.heard(from.cabinet, { kind: 'hello', boot: hello.boot, agentVersion: hello.agent, clockOffsetMs });
    const head = await readStream(store, from.cabinet, hello.log);
    const reply = answerHello(hello, head);
    await send(from.address, hello.log, reply);
    if ('expect' in reply && reply.reason !== 'fork') await askedAgain(from, hello.log, reply.expect, true);
    if (await liftCommandCounter(store, from, hello.commands)) directory.forget(from.address);
    await options.onHello?.(from.address, hello.rulebook);
    return 'answered';
  }

  async function askedAgain(from: Sender, logId: string, fromSeq: number, isHello: boolean): Promise<void> {
    const { tenant, id } = from.cabinet;
    await noteAskedAgain(store, { tenant, cabinet: id, logId, fromSeq }, { atMs: clock.wallMs(), isHello });
  }

  async function takeState(cabinet: KnownCabinet, payload: Uint8Array): Promise<MessageOutcome> {
    const decoded = decodeState(payload);
    if (!decoded.ok) return await unreadable(cabinet, decoded.detail, payload);
    presence.heard(cabinet, { kind: 'state', state: decoded.value });
    return 'state';
  }

  async function unreadable(cabinet: KnownCabinet, detail: string, payload: Uint8Array): Promise<MessageOutcome> {
    await setAside(cabinet, { logId: null, seq: null, reason: 'unreadable', detail, payload });
    return 'quarantined';
  }

  async function badSignature(from: Sender, batch: Batch, payload: Uint8Array): Promise<MessageOutcome> {
    const detail = 'the signature of the batch is not by the key of this cabinet';
    await setAside(from.cabinet, { logId: batch.log, seq: batch.from, reason: 'bad_signature', detail, payload });
    await send(from.address, batch.log, { expect: batch.from, reason: 'bad_signature' });
    return 'quarantined';
  }

  /** One line for each batch that came in; the sessions in it can be followed from the cabinet to the screen. */
  function tell({ cabinet, batch: { log: logId, from, to, events } }: VerifiedBatch, outcome?: BatchOutcome): void {
    const sessions = sessionsOf(events);
    log.info({ cabinet: cabinet.id, logId, from, to, outcome: outcome?.kind, sessions }, 'ingest.batch.stored');
  }

  function notStored(item: VerifiedBatch, error: unknown): undefined {
    const level = isAppError(error, 'ingest.busy') ? 'warn' : 'error';
    const { log: logId, from, to } = item.batch;
    counts.eventsNotStored(item.batch.events.length);
    log[level]({ cabinet: item.cabinet.id, logId, from, to, reason: errorText(error) }, 'ingest.batch.not_stored');
    return undefined;
  }

  function answer(
    address: CabinetAddress,
    logId: string,
    outcome: Exclude<BatchOutcome, { kind: 'revoked' }>,
  ): Promise<void> {
    return outcome.kind === 'committed'
      ? send(address, logId, { upTo: outcome.upTo, chain: outcome.chain })
      : send(address, logId, { expect: outcome.expect, reason: outcome.reason });
  }

  async function send(address: CabinetAddress, logId: string, body: HelloAnswer): Promise<void> {
    const message: CommittedMessage = { v: 1, log: logId, ...body, now: wallIso(clock) };
    await options.send(downTopic(address, 'committed'), JSON.stringify(message));
  }

  return {
    receive: (topic, payload) => {
      counts.messageIn();
      if (isClosing) {
        counts.message('ignored');
        return Promise.resolve();
      }
      const done = take(topic, payload)
        .catch((error: unknown): MessageOutcome => {
          log.error({ topic, reason: errorText(error) }, 'ingest.message.not_taken');
          return 'not_stored';
        })
        .then(counts.message);
      running.add(done);
      return done.finally(() => running.delete(done));
    },
    refuse: async (address, reason, what) => {
      counts.messageIn();
      counts.message('quarantined');
      const cabinet = await directory.find(address).catch(() => undefined);
      if (cabinet !== undefined) await setAside(cabinet, { logId: null, seq: null, reason, ...what });
    },
    knocked: (address) => noteUnknown(address, new Uint8Array()),
    forget: (address) => directory.forget(address),
    counts: () => counts.read(),
    books: () => booksOf(counts.read(), { messages: running.size, events: eventsInFlight }),
    flushStates: () => presence.flush(),
    close: async () => {
      isClosing = true;
      while (running.size > 0) await Promise.all(running);
      await queue.drained();
      await presence.close();
    },
  };
}

/** The cabinet sessions (TypeIDs) that events name. */
function sessionsOf(events: Batch['events']): readonly string[] {
  const named = events.map((event) => (event as { session?: unknown }).session);
  return [...new Set(named.filter((session) => typeof session === 'string'))].slice(0, 20);
}

function verifyByAny(batch: Batch, cabinet: KnownCabinet): readonly string[] | undefined {
  for (const key of keysOf(cabinet)) {
    const verified = verifyBatch(batch, key);
    if (verified.ok) return verified.chains;
  }
  return undefined;
}

interface Sender {
  readonly address: CabinetAddress;
  readonly cabinet: KnownCabinet;
}
