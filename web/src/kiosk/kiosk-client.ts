import { type KioskState, kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';

/** What the screen knows: the last state, when it came, and whether the cabinet still answers. */
export interface KioskKnowledge {
  readonly state: KioskState | null;
  /** Monotonic time at which `state` was received, to carry its clock on. */
  readonly receivedMs: number;
  readonly reachable: boolean;
}
export interface KioskClient {
  get(): KioskKnowledge;
  subscribe(changed: () => void): () => void;
  signOut(): void;
}
/** The platform's parts that the client needs. */
export interface KioskPorts {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly openStream: (url: string) => KioskStream;
  readonly clock: Clock;
}
export type KioskStream = Pick<EventSource, 'addEventListener' | 'close'>;

/** The stream's own keep-alive is invisible to a page, so the state is asked for again this often. */
const askEveryMs = 5_000;

/**
 * The only door to the agent. The stream brings changes at once; a question every few seconds
 * finds out when the agent is gone, and opens the stream anew when it is back.
 */
export function createKioskClient(ports: KioskPorts): KioskClient {
  let known: KioskKnowledge = { state: null, receivedMs: 0, reachable: true };
  const listeners = new Set<() => void>();
  let stream: KioskStream | undefined;
  const set = (next: KioskKnowledge): void => {
    known = next;
    for (const changed of listeners) changed();
  };
  const take = (value: unknown): void => {
    const parsed = kioskState.safeParse(value);
    if (parsed.success) set({ state: parsed.data, receivedMs: ports.clock.monotonicMs(), reachable: true });
  };
  const openStream = (): void => {
    stream?.close();
    stream = ports.openStream('/api/stream');
    stream.addEventListener('state', (event) => take(jsonOf((event as MessageEvent<unknown>).data)));
  };
  const ask = async (): Promise<void> => {
    try {
      const response = await ports.fetch('/api/state');
      const wasGone = !known.reachable;
      take(await response.json());
      if (wasGone) openStream();
    } catch {
      if (known.reachable) set({ ...known, reachable: false });
    }
  };
  let asking: Timer | undefined;
  return {
    get: () => known,
    subscribe: (changed) => {
      listeners.add(changed);
      if (asking === undefined) {
        asking = repeat(ports.clock, 'ask for the kiosk state', askEveryMs, ask);
        openStream();
        void ask();
      }
      return () => {
        listeners.delete(changed);
        if (listeners.size > 0) return;
        asking?.cancel();
        asking = undefined;
        stream?.close();
      };
    },
    signOut: () => {
      // A lost answer does no harm: the screen leaves by itself after a while.
      ports.fetch('/api/sign-out', { method: 'POST' }).then(ask, () => undefined);
    },
  };
}

function jsonOf(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
