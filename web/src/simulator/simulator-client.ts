import { AppError, errorText } from '@tagtrail/shared/error.js';
import {
  type AgentView,
  agentView,
  type CabinetState,
  cabinetState,
  type FaultCatalogue,
  faultCatalogue,
  type ReadBatch,
  readBatch,
  type SimulatedDevice,
} from '@tagtrail/shared/simulator/control-protocol.js';
import { type Clock, repeat, type Timer } from '@tagtrail/shared/time/clock.js';

/** What the page knows about the cabinet and about what its agent makes of it. */
export interface Known {
  readonly cabinet: CabinetState | null;
  readonly reachable: boolean;
  /** Null when no agent is known to the simulator, or before its first answer. */
  readonly agent: AgentView | null;
}

export interface FaultRequest {
  readonly fault: string;
  readonly device: SimulatedDevice;
  readonly on: boolean;
  readonly forMs?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The only door to the control. Every act rejects with an AppError that says what to do. */
export interface SimulatorClient {
  get(): Known;
  subscribe(changed: () => void): () => void;
  onReads(heard: (batch: ReadBatch) => void): () => void;
  badge(number: string): Promise<void>;
  openDoor(door: number, force: boolean): Promise<void>;
  closeDoor(door: number): Promise<void>;
  placeTag(tag: { readonly epc: string; readonly inside: boolean; readonly antenna?: number }): Promise<void>;
  fault(request: FaultRequest): Promise<void>;
  endFaults(): Promise<void>;
  faults(): Promise<FaultCatalogue>;
}

export interface SimulatorPorts {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly openStream: (url: string) => Pick<EventSource, 'addEventListener' | 'close'>;
  readonly clock: Clock;
}

const askAgentEveryMs = 400;

export function createSimulatorClient({ fetch, openStream, clock }: SimulatorPorts): SimulatorClient {
  let known: Known = { cabinet: null, reachable: true, agent: null };
  const listeners = new Set<() => void>();
  const hearers = new Set<(batch: ReadBatch) => void>();
  let stream: { close(): void } | undefined;
  let asking: Timer | undefined;
  let agentIsKnown = true;
  const set = (next: Partial<Known>): void => {
    known = { ...known, ...next };
    for (const changed of listeners) changed();
  };
  const takeState = (value: unknown): void => {
    const parsed = cabinetState.safeParse(value);
    if (parsed.success) set({ cabinet: parsed.data, reachable: true });
  };

  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> => {
    let answer: Response;
    try {
      answer = await fetch(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (error) {
      throw new AppError('sim.control_lost', errorText(error), { kind: 'peer', cause: error });
    }
    const value: unknown = await answer.json();
    if (answer.ok) return value;
    const { type, detail } = value as { type?: string; detail?: string };
    const code = /^urn:tagtrail:sim:([a-z_.]+)$/.exec(type ?? '')?.[1] ?? 'sim.refused';
    throw new AppError(code, detail ?? `status ${answer.status}`, { kind: 'operator' });
  };
  const act = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> =>
    takeState(await ask(method, path, body));

  const askAgent = async (): Promise<void> => {
    if (!agentIsKnown) return;
    try {
      const answer = await fetch('/agent/state');
      if (answer.status === 404) agentIsKnown = false;
      const parsed = agentView.safeParse(await answer.json());
      set({ agent: parsed.success ? parsed.data : null });
    } catch {
      // The stream says whether the simulator is gone.
    }
  };
  const listen = (): void => {
    const source = openStream('/stream');
    stream = source;
    source.addEventListener('state', (event) => takeState(jsonOf(event)));
    source.addEventListener('reads', (event) => {
      const parsed = readBatch.safeParse(jsonOf(event));
      if (parsed.success) for (const heard of hearers) heard(parsed.data);
    });
    source.addEventListener('error', () => set({ reachable: false }));
    asking = repeat(clock, 'ask the agent', askAgentEveryMs, askAgent);
    void askAgent();
  };

  return {
    get: () => known,
    subscribe: (changed) => {
      listeners.add(changed);
      if (stream === undefined) listen();
      return () => {
        listeners.delete(changed);
        if (listeners.size > 0) return;
        stream?.close();
        stream = undefined;
        asking?.cancel();
      };
    },
    onReads: (heard) => {
      hearers.add(heard);
      return () => hearers.delete(heard);
    },
    badge: (number) => act('POST', '/badge', { number }),
    openDoor: (door, force) => act('POST', `/door/${door}/open`, { force }),
    closeDoor: (door) => act('POST', `/door/${door}/close`),
    placeTag: (tag) => act('POST', '/tags', tag),
    fault: (request) => act('POST', '/faults', request),
    endFaults: () => act('DELETE', '/faults'),
    faults: async () => faultCatalogue.parse(await ask('GET', '/faults')),
  };
}

function jsonOf(event: Event): unknown {
  try {
    return JSON.parse(String((event as MessageEvent<unknown>).data));
  } catch {
    return undefined;
  }
}
