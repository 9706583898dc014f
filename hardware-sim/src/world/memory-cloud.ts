import { type Batch, decodeEvents, decodeHello, decodeState } from '@tagtrail/cloud/ingest/decode.js';
import { acceptedDraft, occurredMs, quarantinedDraft } from '@tagtrail/cloud/ingest/event-draft.js';
import { answerHello, type HelloAnswer } from '@tagtrail/cloud/ingest/hello.js';
import { effectiveTime, planBatch } from '@tagtrail/cloud/ingest/plan-batch.js';
import { verifyBatch } from '@tagtrail/cloud/ingest/verify.js';
import { chainGenesis } from '@tagtrail/shared/chain/record-chain.js';
import type { StateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { downTopic, parseTopic } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { Cast } from './cast.js';
import type { CloudEntry } from './cloud-entry.js';
import { type CustodyLedger, createCustodyLedger, type Move } from './custody-ledger.js';
import { createMemoryAudit, type MemoryAudit } from './memory-audit.js';
import { createRulebookIssuer, type RulebookIssuer } from './rulebook-issuer.js';

export interface Stream {
  readonly logId: string;
  readonly nextSeq: number;
  readonly chain: string;
  readonly effectiveMs: number | null;
}

/** An answer as it left the cloud, with what was committed at that moment. */
export interface SentAnswer {
  readonly logId: string;
  readonly upTo: number;
  readonly committed: number;
}

/** The cloud of the simulated world: the pure decisions of the ingest over an event log in memory. */
export interface MemoryCloud {
  receive(topic: string, payload: Uint8Array): void;
  readonly entries: readonly CloudEntry[];
  readonly answers: readonly SentAnswer[];
  readonly quarantine: readonly { readonly reason: string; readonly detail: string }[];
  readonly counts: { accepted: number; duplicate: number; refused: number; quarantined: number };
  streams(): readonly Stream[];
  custody(): CustodyLedger;
  cabinetState(): StateMessage | undefined;
  readonly rulebooks: RulebookIssuer;
  readonly audit: MemoryAudit;
  /** Takes nothing in while it is down; what arrives is lost. */
  setUp(up: boolean): void;
  isUp(): boolean;
  /** Told when the trail has grown, and when who watches it loses the connection. */
  onMoved(listen: (what: 'grown' | 'cut') => void): void;
  /** A copy of everything, to go back to. */
  backUp(): void;
  restore(): void;
  /** So often it has gone back to the copy. */
  restores(): number;
}

interface Store {
  readonly entries: readonly CloudEntry[];
  readonly streams: ReadonlyMap<string, Stream>;
}

/** The database takes this long to commit. */
const commitMs = 4;

export function createMemoryCloud(options: {
  readonly cast: Cast;
  readonly clock: Clock;
  readonly random: Random;
  send(topic: string, body: string, retain: boolean): void;
  /** Waits for the database, then acts; each commit has one to itself when left out. */
  readonly commit?: (tookMs: number, act: () => void) => void;
}): MemoryCloud {
  const { cast, clock } = options;
  const address = { tenant: cast.tenant.tenant, cabinet: cast.cabinet.cabinet };
  let store: Store = { entries: [], streams: new Map() };
  let backup = store;
  let ledger = createCustodyLedger();
  let up = true;
  let restores = 0;
  let state: StateMessage | undefined;
  let moved: (what: 'grown' | 'cut') => void = () => {};
  const answers: SentAnswer[] = [];
  const quarantine: { reason: string; detail: string }[] = [];
  const counts = { accepted: 0, duplicate: 0, refused: 0, quarantined: 0 };

  const rulebooks = createRulebookIssuer({
    cast,
    clock,
    custody: (asset) => ledger.of(asset),
    isReported: (asset) => ledger.isReported(asset),
    publish: (book) => options.send(downTopic(address, 'rulebook'), JSON.stringify(book), true),
  });
  const audit = createMemoryAudit({
    ...{ cast, clock, random: options.random.fork('audit') },
    show: (message) => {
      if (up) options.send(downTopic(address, 'checkpoint'), JSON.stringify(message), false);
    },
  });
  const inDatabase = options.commit ?? ((tookMs, act) => void clock.startTimer('commit', tookMs, act));
  const committedOf = (logId: string): number => (store.streams.get(logId)?.nextSeq ?? 1) - 1;
  const answer = (logId: string, body: HelloAnswer): void => {
    if ('upTo' in body) answers.push({ logId, upTo: body.upTo, committed: committedOf(logId) });
    const message = { v: 1, log: logId, ...body, now: wallIso(clock) };
    options.send(downTopic(address, 'committed'), JSON.stringify(message), false);
  };
  const setAside = (reason: string, detail: string): void => {
    quarantine.push({ reason, detail });
  };

  const takeEvents = (payload: Uint8Array): void => {
    const decoded = decodeEvents(payload);
    if (!decoded.ok) {
      setAside('unreadable', decoded.detail);
      return;
    }
    const batch = decoded.value;
    const verified = verifyBatch(batch, cast.publicKey);
    if (!verified.ok) {
      setAside('bad_signature', `batch ${batch.from}..${batch.to}`);
      answer(batch.log, { expect: batch.from, reason: 'bad_signature' });
      return;
    }
    inDatabase(commitMs, () => {
      if (up) answer(batch.log, commit(batch, verified.chains));
    });
  };

  const commit = (batch: Batch, chains: readonly string[]): HelloAnswer => {
    const taken = takeBatch({ store, cast, wallMs: clock.wallMs() }, batch, chains);
    store = taken.store;
    counts.accepted += taken.accepted;
    counts.duplicate += taken.duplicate;
    counts.quarantined += taken.quarantined;
    counts.refused += taken.refused;
    if (taken.fork) setAside('fork', `events ${batch.from} to ${batch.to}`);
    for (const entry of taken.fresh) foldEntry(ledger, entry);
    if (taken.fresh.length > 0) {
      audit.append(taken.fresh);
      moved('grown');
    }
    if (taken.fresh.some(({ category }) => category === 'custody')) rulebooks.request();
    return taken.answer;
  };

  const takeHello = (payload: Uint8Array): void => {
    const decoded = decodeHello(payload);
    if (!decoded.ok) {
      setAside('unreadable', decoded.detail);
      return;
    }
    answer(decoded.value.log, answerHello(decoded.value, store.streams.get(decoded.value.log)));
    rulebooks.heard(decoded.value.rulebook);
  };

  return {
    receive: (topic, payload) => {
      const parsed = parseTopic(topic);
      if (!up || parsed === undefined || parsed.direction !== 'up' || parsed.cabinet !== address.cabinet) return;
      if (parsed.name === 'events') return takeEvents(payload);
      if (parsed.name === 'hello') return takeHello(payload);
      if (parsed.name === 'witness') return audit.takeWitness(payload);
      const decoded = decodeState(payload);
      if (decoded.ok) state = decoded.value;
      else setAside('unreadable', decoded.detail);
    },
    get entries() {
      return store.entries;
    },
    answers,
    quarantine,
    counts,
    streams: () => [...store.streams.values()],
    custody: () => ledger,
    cabinetState: () => state,
    rulebooks,
    audit,
    isUp: () => up,
    onMoved: (listen) => {
      moved = listen;
    },
    setUp: (next) => {
      up = next;
      if (!up) moved('cut');
    },
    backUp: () => {
      backup = store;
      audit.backUp();
    },
    restore: () => {
      store = backup;
      audit.restore();
      ledger = createCustodyLedger();
      for (const entry of store.entries) foldEntry(ledger, entry);
      restores++;
      moved('cut');
    },
    restores: () => restores,
  };
}

function foldEntry(ledger: CustodyLedger, entry: CloudEntry): void {
  if (entry.assetId === null || entry.status !== 'accepted') return;
  if (entry.kind === 'asset.reported') ledger.report(entry.assetId);
  const outcome = outcomeOf(entry);
  if (outcome === undefined) return;
  ledger.take({
    ...outcome,
    asset: entry.assetId,
    effectiveAt: entry.effectiveAt,
    cabinetId: entry.cabinetId ?? '',
    logId: entry.logId ?? '',
    seq: entry.seq ?? 0,
  });
}

/** Where a line leaves its asset and on whose name, as the cloud's projection of custody says. */
function outcomeOf({ kind, actorId, data }: CloudEntry): Pick<Move, 'state' | 'holder' | 'disputed'> | undefined {
  const { disputed = false, movement, outcome } = data as LineData;
  switch (kind) {
    case 'asset.checked_out':
    case 'custody.handed_over':
      return { state: 'out', holder: actorId, disputed };
    case 'asset.returned':
      return { state: 'in', holder: null, disputed };
    case 'asset.disputed':
      return { state: movement === 'returned' ? 'in' : 'out', holder: null, disputed: true };
    case 'dispute.settled': {
      const isIn = movement === 'returned' || outcome === 'corrected';
      return { state: isIn ? 'in' : 'out', holder: null, disputed: outcome === 'stays_disputed' };
    }
    default:
      return undefined;
  }
}

interface LineData {
  readonly disputed?: boolean;
  readonly movement?: 'taken' | 'returned';
  readonly outcome?: string;
}

interface Taken {
  readonly store: Store;
  readonly fresh: readonly CloudEntry[];
  readonly answer: HelloAnswer;
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly refused: number;
  readonly fork: boolean;
}

/** One batch in one transaction: `planBatch` says where it stands, the rest is appended or nothing is. */
function takeBatch(
  place: { readonly store: Store; readonly cast: Cast; readonly wallMs: number },
  batch: Batch,
  chains: readonly string[],
): Taken {
  const { store } = place;
  const head = store.streams.get(batch.log) ?? { logId: batch.log, nextSeq: 1, chain: chainGenesis, effectiveMs: null };
  const size = batch.events.length;
  const none = { store, fresh: [], accepted: 0, duplicate: 0, quarantined: 0, refused: 0, fork: false };
  const committed: HelloAnswer = { upTo: head.nextSeq - 1, chain: head.chain };
  const plan = planBatch(head, { ...batch, chains });
  switch (plan.kind) {
    case 'gap':
      return { ...none, answer: { expect: plan.expect, reason: 'gap' }, refused: size };
    case 'fork':
      return { ...none, answer: { expect: plan.expect, reason: 'fork' }, refused: size, fork: true };
    case 'duplicate':
      return { ...none, answer: committed, duplicate: size };
    case 'compare': {
      const stored = store.entries.find(({ logId, seq }) => logId === batch.log && seq === plan.seq)?.chain;
      return stored === plan.chain
        ? { ...none, answer: committed, duplicate: size }
        : { ...none, answer: { expect: head.nextSeq, reason: 'fork' }, refused: size, fork: true };
    }
    case 'append':
      return append(place, { batch, chains, head, skip: plan.skip });
  }
}

function append(
  { store, cast, wallMs }: { readonly store: Store; readonly cast: Cast; readonly wallMs: number },
  what: { readonly batch: Batch; readonly chains: readonly string[]; readonly head: Stream; readonly skip: number },
): Taken {
  const { batch, chains, skip } = what;
  let stream = what.head;
  const fresh: CloudEntry[] = [];
  for (let i = skip; i < batch.events.length; i++) {
    const event = batch.events[i] ?? null;
    const seq = batch.from + i;
    const chain = chains[i] ?? '';
    const read = occurredMs(event, seq);
    const effectiveMs = effectiveTime({
      previousMs: stream.effectiveMs,
      occurredMs: typeof read === 'string' ? (stream.effectiveMs ?? wallMs) : read.ms,
      receivedMs: wallMs,
    });
    const placed = {
      ...{ event, seq, chain, effectiveAt: new Date(effectiveMs).toISOString() },
      stream: { cabinetId: cast.cabinet.id, siteId: cast.site.id, logId: batch.log },
    };
    const draft =
      typeof read === 'string' ? quarantinedDraft(placed, read) : acceptedDraft(placed, read.event, findAsset(cast));
    const index = store.entries.length + fresh.length;
    fresh.push({ ...draft, index, tenant: cast.tenant.id, event: event as CloudEntry['event'] });
    stream = { logId: batch.log, nextSeq: seq + 1, chain, effectiveMs };
  }
  const quarantined = fresh.filter(({ status }) => status === 'quarantined').length;
  return {
    store: { entries: [...store.entries, ...fresh], streams: new Map(store.streams).set(batch.log, stream) },
    fresh,
    answer: { upTo: stream.nextSeq - 1, chain: stream.chain },
    ...{ accepted: fresh.length - quarantined, duplicate: skip, quarantined, refused: 0, fork: false },
  };
}

/** The asset that the cabinet named, else the one that the tag is bound to. */
function findAsset(cast: Cast) {
  return (named: string | undefined, epc: string | undefined): string | null =>
    cast.tools.find((tool) => tool.id === named || tool.epc === epc)?.id ?? null;
}
