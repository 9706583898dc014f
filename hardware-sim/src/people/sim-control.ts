import { AppError, errorText } from '@tagtrail/shared/error.js';
import { type CabinetState, cabinetState } from '@tagtrail/shared/simulator/control-protocol.js';

/** What a simulated person can do at a cabinet, through its control. */
export interface SimControl {
  state(): Promise<CabinetState>;
  badge(number: string): Promise<void>;
  /** False when the door is locked. */
  openDoor(door: number): Promise<boolean>;
  closeDoor(door: number): Promise<void>;
  placeTag(epc: string, inside: boolean): Promise<void>;
}

/** Asks a control; a part of `fetch`, so that tests need no network. */
export type Ask = (
  path: string,
  init: { method: string; body?: string; headers?: Record<string, string>; signal?: AbortSignal },
) => Promise<{ status: number; json(): Promise<unknown> }>;

const answerWithinMs = 5000;

/** The control at `address`, such as `http://127.0.0.1:4001`. Its methods reject with AppError `sim.control_lost`. */
export function httpControl(address: string): SimControl {
  return controlOver((path, init) =>
    fetch(address + path, { ...init, signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
      throw new AppError('sim.control_lost', `The simulator at ${address} does not answer: ${errorText(error)}`, {
        kind: 'peer',
        cause: error,
      });
    }),
  );
}

export function controlOver(ask: Ask): SimControl {
  const post = async (path: string, body: unknown, accepted: readonly number[] = [200]): Promise<number> => {
    const answer = await ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    if (accepted.includes(answer.status)) return answer.status;
    throw refused(path, answer.status, await answer.json().catch(() => undefined));
  };
  return {
    state: async () => {
      const answer = await ask('/state', { method: 'GET' });
      const parsed = cabinetState.safeParse(await answer.json());
      if (parsed.success) return parsed.data;
      throw refused('/state', answer.status, undefined);
    },
    badge: async (number) => {
      await post('/badge', { number });
    },
    openDoor: async (door) => (await post(`/door/${door}/open`, {}, [200, 409])) === 200,
    closeDoor: async (door) => {
      await post(`/door/${door}/close`, {});
    },
    placeTag: async (epc, inside) => {
      await post('/tags', { epc, inside });
    },
  };
}

function refused(path: string, status: number, answer: unknown): AppError {
  return new AppError('sim.control_refused', `The simulator refused ${path} (${status}).`, {
    kind: 'peer',
    detail: { answer },
  });
}
