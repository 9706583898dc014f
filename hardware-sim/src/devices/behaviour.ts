import type { ModbusFrame } from '@tagtrail/shared/protocol/modbus/modbus-frame.js';
import type { AirRead } from '../field/air.js';
import type { Outcome } from './device.js';

/**
 * One way in which a device acts, laid over the ways it acted before. Streams (bytes, reads) are
 * handed through every behaviour, the newest being the outermost: the same value passes it on, an
 * emptied one swallows it. Questions (a request, a contact, the release of a lock) go to the newest
 * first and end at the first that does not pass.
 */
export interface Behaviour {
  readonly name: string;
  /** Bytes on their way from the device to the host. */
  readonly outgoing?: (bytes: Uint8Array) => Uint8Array;
  /** Bytes on their way from the host to the device. */
  readonly incoming?: (bytes: Uint8Array) => Uint8Array;
  /** How much later than usual the bytes of the device leave it, in milliseconds. */
  readonly lateMs?: () => number;
  /** What one antenna of the reader heard in one round. */
  readonly round?: (reads: readonly AirRead[], antenna: number) => readonly AirRead[];
  /** A Modbus request addressed to the board. */
  readonly request?: (request: ModbusFrame) => Outcome<ModbusFrame>;
  /** What the contact of a door tells: true when closed. */
  readonly contact?: (door: number) => Outcome<boolean>;
  /** Whether the bolt of a door gives way when its lock is driven. */
  readonly release?: (door: number) => Outcome<boolean>;
}

/** The behaviours of one device, newest first. */
export interface BehaviourStack {
  readonly list: () => readonly Behaviour[];
  /** Puts a behaviour in front; returns what takes it away again. */
  push(behaviour: Behaviour): () => void;
}

export function createBehaviourStack(): BehaviourStack {
  let behaviours: readonly Behaviour[] = [];
  return {
    list: () => behaviours,
    push: (behaviour) => {
      behaviours = [behaviour, ...behaviours];
      return () => {
        behaviours = behaviours.filter((other) => other !== behaviour);
      };
    },
  };
}

/** The first answer of the stack to a question, or `usual` when every behaviour passes; undefined when swallowed. */
export function askBehaviours<T>(
  stack: BehaviourStack,
  ask: (behaviour: Behaviour) => Outcome<T> | undefined,
  usual: () => T | undefined,
): T | undefined {
  for (const behaviour of stack.list()) {
    const outcome = ask(behaviour) ?? pass;
    if (outcome.kind === 'answer') return outcome.answer;
    if (outcome.kind === 'swallow') return undefined;
  }
  return usual();
}

export const pass = { kind: 'pass' } as const;
export const swallow = { kind: 'swallow' } as const;

export function answer<T>(value: T): Outcome<T> {
  return { kind: 'answer', answer: value };
}
