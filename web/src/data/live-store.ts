import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { Overview } from '@tagtrail/shared/api/overview.js';
import { emptyTrail, lastIndexOf, type TrailList, withPatch, withSnapshot } from '@tagtrail/shared/live/trail-list.js';
import type { Connection, LiveSink } from './live-client.js';

/** What the live feed has told so far. Null means not told yet, which is not the same as empty. */
export interface LiveState {
  readonly connection: Connection;
  /** When the connection was lost, in the server's wall time; null while it is fine. */
  readonly lostAtMs: number | null;
  readonly trail: TrailList;
  /** The mark of the last line, by which the server knows whether its trail is still the one that is shown. */
  readonly mark: string | null;
  readonly cabinets: ReadonlyMap<string, CabinetView> | null;
  readonly overview: Overview | null;
}

export interface LiveStore extends LiveSink {
  get(): LiveState;
  subscribe(changed: () => void): () => void;
  /** Forgets everything, for the next person who signs in. */
  clear(): void;
}

/** The browser keeps this many lines; older ones stand on the pages of tools, people and cabinets. */
export const trailLimit = 300;

const beginning: LiveState = {
  connection: 'connecting',
  lostAtMs: null,
  trail: emptyTrail(trailLimit),
  mark: null,
  cabinets: null,
  overview: null,
};

export interface LiveStoreOptions {
  readonly nowMs: () => number;
  /** Told of lines that were not known before, so that pages can be loaded again. */
  readonly onNews: (entries: readonly EntryView[]) => void;
  /** Told when lines were left out, so that every page has to be loaded again. */
  readonly onGap: () => void;
}

export function createLiveStore(options: LiveStoreOptions): LiveStore {
  let state = beginning;
  const listeners = new Set<() => void>();
  const set = (next: LiveState): void => {
    if (next === state) return;
    state = next;
    for (const changed of listeners) changed();
  };
  return {
    get: () => state,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    clear: () => set(beginning),
    after: () => ({ after: lastIndexOf(state.trail), mark: state.mark }),
    snapshot: (snapshot, after) => {
      set({
        ...state,
        trail: withSnapshot(state.trail, { ...snapshot, after }),
        mark: snapshot.mark,
        cabinets: new Map(snapshot.cabinets.map((cabinet) => [cabinet.id, cabinet])),
        overview: snapshot.overview,
      });
      options.onGap();
    },
    entries: (patch) => {
      const before = lastIndexOf(state.trail) ?? -1;
      const mark = patch.to >= before ? patch.mark : state.mark;
      set({ ...state, trail: withPatch(state.trail, patch), mark });
      const news = patch.entries.filter((entry) => entry.index > before);
      if (news.length > 0) options.onNews(news);
    },
    cabinet: (cabinet) => set({ ...state, cabinets: withCabinet(state.cabinets, cabinet) }),
    overview: (overview) => set({ ...state, overview }),
    connection: (connection) => {
      if (connection === state.connection) return;
      const lost = connection === 'lost' || connection === 'ended';
      const lostAtMs = connection === 'live' ? null : lost ? (state.lostAtMs ?? options.nowMs()) : state.lostAtMs;
      set({ ...state, connection, lostAtMs });
    },
  };
}

/** A cabinet's news; a view that is older than the one already shown changes nothing. */
export function withCabinet(
  cabinets: ReadonlyMap<string, CabinetView> | null,
  cabinet: CabinetView,
): ReadonlyMap<string, CabinetView> {
  const known = cabinets?.get(cabinet.id);
  if (known?.last_seen_at != null && (cabinet.last_seen_at ?? '') < known.last_seen_at) {
    return cabinets ?? new Map();
  }
  return new Map([...(cabinets ?? []), [cabinet.id, cabinet]]);
}
