import {
  type KioskActionBody,
  type KioskActionName,
  type KioskFound,
  type KioskMyData,
  type KioskRefusalCode,
  kioskActions,
  kioskAnswer,
  kioskFindAnswer,
  kioskMyDataAnswer,
} from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { type KioskState, kioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';

/** What the screen knows: the last state, when it came, and whether the cabinet still answers. */
export interface KioskKnowledge {
  readonly state: KioskState | null;
  /** Monotonic time at which `state` was received, to carry its clock on. */
  readonly receivedMs: number;
  readonly reachable: boolean;
}
/** Why nothing came of a tap: the cabinet's own code, or no answer at all. */
export type KioskFailure = KioskRefusalCode | 'unreachable';
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: KioskFailure };
/** The actions that answer with no more than yes or no. */
export type KioskDeed = Exclude<KioskActionName, 'find' | 'myData'>;
/** What a person can ask of the cabinet by touching the screen. */
export interface KioskDesk {
  act<N extends KioskDeed>(name: N, body: KioskActionBody<N>): Promise<Asked<null>>;
  find(text: string): Promise<Asked<readonly KioskFound[]>>;
  myData(): Promise<Asked<KioskMyData>>;
  signOut(): void;
}
export interface KioskClient extends KioskDesk {
  get(): KioskKnowledge;
  subscribe(changed: () => void): () => void;
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
  const post = async (name: KioskActionName, body: object): Promise<unknown> => {
    const response = await ports.fetch(kioskActions[name].path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  /** Whatever is not the named answer is a refusal; an answer that is not understood counts as none. */
  const asked = async <T>(name: KioskActionName, body: object, read: (answer: unknown) => T | undefined) => {
    try {
      const answer = await post(name, body);
      const value = read(answer);
      if (value !== undefined) return { ok: true, value } as const;
      const refused = kioskAnswer.safeParse(answer);
      return { ok: false, code: refused.success && !refused.data.ok ? refused.data.code : 'unreachable' } as const;
    } catch {
      return { ok: false, code: 'unreachable' } as const;
    }
  };
  let asking: Timer | undefined;
  return {
    act: async (name, body) => {
      const done = await asked(name, body, (answer) => {
        const read = kioskAnswer.safeParse(answer);
        return read.success && read.data.ok ? null : undefined;
      });
      // The stream brings the new state; where it has died the screen still answers the tap.
      void ask();
      return done;
    },
    find: (text) => asked('find', { text }, (answer) => kioskFindAnswer.safeParse(answer).data?.items),
    myData: () =>
      asked('myData', {}, (answer) => {
        const read = kioskMyDataAnswer.safeParse(answer);
        return read.success ? read.data : undefined;
      }),
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
