import { AppError } from '../../error.js';
import { frameEnd, frameHeader, frameType, maxParamBytes, overheadBytes } from './m100-constants.js';

export interface M100Frame {
  /** See `frameType`. */
  readonly type: number;
  readonly command: number;
  readonly params: Uint8Array;
}

/** What the host asks. */
export type M100Request = Omit<M100Frame, 'type'>;

/** Low byte of the sum of `bytes[from .. to)`. */
export function m100Sum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += bytes[i] as number;
  return sum & 0xff;
}

/**
 * `BB TYPE CMD PL_HI PL_LO PARAM[PL] SUM 7E`; SUM = low byte of the sum of TYPE to the last PARAM.
 * @throws AppError `m100.frame_too_long` on more than 512 parameter bytes.
 */
export function encodeFrame({ type, command, params }: M100Frame): Uint8Array {
  if (params.length > maxParamBytes) {
    throw new AppError('m100.frame_too_long', `a reader message carries at most ${maxParamBytes} bytes`, {
      kind: 'bug',
      detail: { command, bytes: params.length },
    });
  }
  const frame = new Uint8Array(params.length + overheadBytes);
  frame[0] = frameHeader;
  frame[1] = type;
  frame[2] = command;
  frame[3] = params.length >>> 8;
  frame[4] = params.length & 0xff;
  frame.set(params, 5);
  frame[frame.length - 2] = m100Sum(frame, 1, frame.length - 2);
  frame[frame.length - 1] = frameEnd;
  return frame;
}

export function encodeRequest({ command, params }: M100Request): Uint8Array {
  return encodeFrame({ type: frameType.command, command, params });
}
