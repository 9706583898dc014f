import type { DeviceStatus } from '../reader/reader.js';

/**
 * Which sweeps of the antennas count as full rounds. A round counts only when the reader was `ok`
 * and the collection was running from its first antenna to its last; the sweep in which a
 * collection starts, or in which the reader comes back, is cut short and counts for nothing.
 */
export interface RoundState {
  readonly readerOk: boolean;
  /** The current sweep was watched from its start. */
  readonly whole: boolean;
  readonly counted: number;
  readonly dropped: number;
}

export type RoundInput =
  | { readonly kind: 'collection_started' }
  /** The reader began a sweep anew when it was told to. */
  | { readonly kind: 'sweep_started' }
  | { readonly kind: 'round_ended' }
  | { readonly kind: 'reader_reported'; readonly status: DeviceStatus };

export const noRounds: RoundState = { readerOk: false, whole: false, counted: 0, dropped: 0 };

export function nextRound(state: RoundState, input: RoundInput): RoundState {
  switch (input.kind) {
    case 'collection_started':
      return { ...state, whole: false, counted: 0, dropped: 0 };
    case 'sweep_started':
      return { ...state, whole: state.readerOk };
    case 'round_ended': {
      const counts = state.readerOk && state.whole;
      return {
        ...state,
        whole: state.readerOk,
        counted: state.counted + (counts ? 1 : 0),
        dropped: state.dropped + (counts ? 0 : 1),
      };
    }
    case 'reader_reported':
      return { ...state, readerOk: input.status === 'ok', whole: state.whole && input.status === 'ok' };
  }
}
