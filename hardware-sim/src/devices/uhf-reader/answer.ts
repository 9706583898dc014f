import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import type { ReaderModel } from './reader-model.js';
import type { ReaderState } from './reader-state.js';

/** What the module says to one command. */
export interface Answer {
  readonly status: number;
  readonly data: Uint8Array;
}

export interface ReaderContext {
  readonly model: ReaderModel;
  readonly state: ReaderState;
  readonly ports: number;
}

/** Carries out one command that takes no time on the air. */
export type Command = (data: Uint8Array, context: ReaderContext) => Answer;

export const nothing = new Uint8Array(0);

export function done(data: Uint8Array = nothing): Answer {
  return { status: status.ok, data };
}

export function refused(code: number, data: Uint8Array = nothing): Answer {
  return { status: code, data };
}

/** Guards commands without data: anything behind the opcode is a wrong length. */
export function bare(answer: (context: ReaderContext) => Uint8Array): Command {
  return (data, context) => (data.length === 0 ? done(answer(context)) : refused(status.wrongLength));
}

/** Carries out `apply` with what `decode` reads, or says that the length is wrong. */
export function decoded<T>(
  decode: (data: Uint8Array) => T | null,
  apply: (value: T, context: ReaderContext) => Answer,
): Command {
  return (data, context) => {
    const value = decode(data);
    return value === null ? refused(status.wrongLength) : apply(value, context);
  };
}
