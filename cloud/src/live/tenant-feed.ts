import { errorText } from '@tagtrail/shared/error.js';
import { uuidFromId } from '@tagtrail/shared/ids.js';
import type { CabinetView, LivePatch } from '@tagtrail/shared/live/protocol.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { stateTimes } from '@tagtrail/shared/mqtt/messages.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import type { Scope } from '../auth/scope.js';
import { readCabinetsById } from '../cabinets/read-cabinets.js';
import { readHead } from '../entries/read-entries.js';
import { goesOnFrom, placeAt, readMarks, type TrailPlace } from '../entries/trail-mark.js';
import { readOverview } from '../overview/read-overview.js';
import type { Store } from '../store/prisma.js';
import type { Tx } from '../store/sql.js';
import { answerWatch, type Emit } from './answer-watch.js';
import { cabinetsTouched, lastSeenMs, readPatches, readSnapshot } from './read-live.js';
import { scopeRoom } from './scope-room.js';
import { createSerialQueue, type SerialQueue } from './serial-queue.js';

export interface TenantFeedOptions {
  readonly tenantId: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly toRoom: (room: string) => Emit;
}

/** One connection that asks to watch. */
export interface Watcher {
  readonly scope: Scope;
  /** The last line it has; null for a fresh start. */
  readonly after: TrailPlace | null;
  readonly emit: Emit;
  /** Puts it into the room: from then on it gets what the room gets. */
  readonly join: () => void;
}

interface Audience {
  readonly scope: Scope;
  readonly room: string;
  /** Everything up to and with this line has been sent to the room. */
  sent: TrailPlace;
  watchers: number;
}

/** A cabinet is pushed at most once in this time, the overview at most once in the other. */
const cabinetEveryMs = 250;
const overviewEveryMs = 1000;
const retryAfterMs = 1000;

/**
 * The live side of one customer. All of its work runs one after the other, so that a connection
 * joins its room between two patches: it misses none and gets none twice.
 */
export class TenantFeed {
  readonly #options: TenantFeedOptions;
  readonly #audiences = new Map<string, Audience>();
  readonly #queue: SerialQueue = createSerialQueue();
  readonly #staleTimers = new Map<string, Timer>();
  readonly #dirtyCabinets = new Set<string>();
  #pumpWaits = false;
  #cabinetTimer: Timer | undefined;
  #cabinetsAtMs = Number.NEGATIVE_INFINITY;
  #overviewTimer: Timer | undefined;
  #overviewAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: TenantFeedOptions) {
    this.#options = options;
  }

  /** Answers with patches or a snapshot, and then keeps the watcher up to date. */
  async watch(watcher: Watcher): Promise<void> {
    await this.#queue.run(async () => {
      await this.#pump();
      const { scope } = watcher;
      const room = scopeRoom(scope);
      const { end, cabinets } = await this.#read((tx, atMs) =>
        answerWatch(tx, scope, {
          after: watcher.after,
          end: this.#audiences.get(room)?.sent,
          atMs,
          emit: watcher.emit,
        }),
      );
      const audience = this.#audiences.get(room) ?? { scope, room, sent: end, watchers: 0 };
      audience.watchers++;
      this.#audiences.set(room, audience);
      watcher.join();
      for (const cabinet of cabinets) this.#watchStaleness(cabinet);
    });
    // A notice that came before the room was there found nobody to tell.
    this.trailMoved();
  }

  /** One watcher of the scope has gone. */
  leave(scope: Scope): void {
    const audience = this.#audiences.get(scopeRoom(scope));
    if (audience === undefined) return;
    audience.watchers--;
    if (audience.watchers <= 0) this.#audiences.delete(audience.room);
    if (this.#audiences.size === 0) this.#stopTimers();
  }

  get isIdle(): boolean {
    return this.#audiences.size === 0;
  }

  /** New entries have been committed. Many notices while one round runs make one more round. */
  trailMoved(): void {
    if (this.#pumpWaits || this.isIdle || this.#closed) return;
    this.#pumpWaits = true;
    void this.#queue.run(async () => {
      this.#pumpWaits = false;
      try {
        await this.#pump();
      } catch (error) {
        this.#options.log.error({ problem: errorText(error) }, 'live.feed.interrupted');
        this.#options.clock.startTimer('live retry', retryAfterMs, () => this.trailMoved());
      }
    });
  }

  /** The states of these cabinets (UUID) have changed. */
  cabinetsMoved(ids: readonly string[]): void {
    if (this.isIdle || this.#closed) return;
    for (const id of ids) this.#dirtyCabinets.add(id);
    this.#overviewMoved();
    const { clock } = this.#options;
    const waitMs = this.#cabinetsAtMs + cabinetEveryMs - clock.monotonicMs();
    this.#cabinetTimer ??= clock.startTimer('live cabinets', Math.max(0, waitMs), () => {
      this.#cabinetTimer = undefined;
      this.#cabinetsAtMs = clock.monotonicMs();
      this.#background('live.cabinets.unsent', () => this.#pushCabinets());
    });
  }

  close(): void {
    this.#closed = true;
    this.#audiences.clear();
    this.#stopTimers();
  }

  async #pump(): Promise<void> {
    for (const audience of [...this.#audiences.values()]) {
      const before = audience.sent.index;
      const touched = await this.#read(async (tx, atMs) => {
        const { scope, sent } = audience;
        const head = await readHead(tx, scope);
        const marks = await readMarks(tx, scope.tenantId, [sent.index, head]);
        const end = placeAt(marks, head);
        if (!goesOnFrom(marks, sent)) return await this.#beginAnew(tx, audience, { end, atMs });
        const patches = await readPatches(tx, scope, { sent: sent.index, end, atMs });
        for (const patch of patches) {
          this.#options.toRoom(audience.room)('entries', patch);
          this.#tell(patch);
          audience.sent = { index: patch.to, mark: patch.mark };
        }
        return await cabinetsTouched(
          tx,
          scope,
          patches.flatMap((patch) => patch.entries),
        );
      });
      if (touched.length > 0) this.cabinetsMoved(touched);
      else if (audience.sent.index > before) this.#overviewMoved();
    }
  }

  /** The database under this process was put back: what the screens hold is no longer the trail. Answers its cabinets. */
  async #beginAnew(
    tx: Tx,
    audience: Audience,
    at: { readonly end: TrailPlace; readonly atMs: number },
  ): Promise<string[]> {
    const { tenantId, log, toRoom } = this.#options;
    log.warn({ tenant: tenantId, from: audience.sent.index, to: at.end.index }, 'live.trail.replaced');
    const snapshot = await readSnapshot(tx, audience.scope, { ...at, after: null });
    toRoom(audience.room)('snapshot', snapshot);
    audience.sent = at.end;
    return snapshot.cabinets.map(({ id }) => uuidFromId('cabinet', id));
  }

  /** The sessions in it can be followed from the cabinet to the screen. */
  #tell({ from, to, entries }: LivePatch): void {
    const named = entries.flatMap(({ session }) => (session === null ? [] : [session]));
    const sessions = [...new Set(named)].slice(0, 20);
    this.#options.log.info({ tenant: this.#options.tenantId, from, to, sessions }, 'live.entries.sent');
  }

  async #pushCabinets(): Promise<void> {
    const ids = [...this.#dirtyCabinets];
    this.#dirtyCabinets.clear();
    for (const audience of [...this.#audiences.values()]) {
      const cabinets = await this.#read((tx, atMs) => readCabinetsById(tx, audience.scope, { ids, atMs }));
      for (const cabinet of cabinets) {
        this.#options.toRoom(audience.room)('cabinet', cabinet);
        this.#watchStaleness(cabinet);
      }
    }
  }

  #overviewMoved(): void {
    if (this.isIdle || this.#closed) return;
    const { clock } = this.#options;
    const waitMs = this.#overviewAtMs + overviewEveryMs - clock.monotonicMs();
    this.#overviewTimer ??= clock.startTimer('live overview', Math.max(cabinetEveryMs, waitMs), () => {
      this.#overviewTimer = undefined;
      this.#overviewAtMs = clock.monotonicMs();
      this.#background('live.overview.unsent', () => this.#pushOverview());
    });
  }

  async #pushOverview(): Promise<void> {
    for (const { scope, room } of [...this.#audiences.values()]) {
      this.#options.toRoom(room)('overview', await this.#read((tx, atMs) => readOverview({ tx, scope, atMs })));
    }
  }

  /** Nobody reports that a cabinet has fallen silent: it is looked at when its time is over. */
  #watchStaleness(cabinet: CabinetView): void {
    const id = uuidFromId('cabinet', cabinet.id);
    this.#staleTimers.get(id)?.cancel();
    this.#staleTimers.delete(id);
    const seenMs = lastSeenMs(cabinet);
    if (seenMs === undefined || this.isIdle) return;
    const { clock } = this.#options;
    const waitMs = seenMs + stateTimes.staleAfterMs + 1 - clock.wallMs();
    const timer = clock.startTimer('cabinet stale', Math.max(1, waitMs), () => {
      this.#staleTimers.delete(id);
      this.cabinetsMoved([id]);
    });
    this.#staleTimers.set(id, timer);
  }

  #background(name: string, work: () => Promise<void>): void {
    void this.#queue.run(work).catch((error: unknown) => {
      this.#options.log.error({ problem: errorText(error) }, name);
    });
  }

  async #read<T>(work: (tx: Parameters<typeof readHead>[0], atMs: number) => Promise<T>): Promise<T> {
    const { store, tenantId, clock } = this.#options;
    return await store.readTenant(tenantId, (tx) => work(tx, clock.wallMs()));
  }

  #stopTimers(): void {
    for (const timer of [...this.#staleTimers.values(), this.#cabinetTimer, this.#overviewTimer]) timer?.cancel();
    this.#staleTimers.clear();
    this.#cabinetTimer = undefined;
    this.#overviewTimer = undefined;
    this.#dirtyCabinets.clear();
  }
}
