import type { MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import type { AirRead } from '../../field/air.js';

/** What a behaviour may do with the reader when a request comes in. */
export interface ReaderHandle {
  reply(op: number, code: number, data: Uint8Array): void;
  restart(): void;
}

/** One way in which the reader acts, laid over the ways it acted before; asked newest first. */
export interface ReaderBehaviour {
  readonly name: string;
  /** `answered`: the behaviour has replied; `swallow`: nobody replies. */
  readonly onRequest?: (frame: MercuryRequest, reader: ReaderHandle) => 'answered' | 'pass' | 'swallow';
  /** Bytes of one message on their way out; null drops it. */
  readonly onSend?: (bytes: Uint8Array) => Uint8Array | null;
  readonly onRound?: (reads: readonly AirRead[], antenna: number) => readonly AirRead[];
}
