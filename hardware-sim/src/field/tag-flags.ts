import type { AirRead } from './air.js';

/** The flags of a tag (EPC UHF Gen2, section 6.3.2.2): inventoried in four sessions, and selected. */
export type TagFlag = 's0' | 's1' | 's2' | 's3' | 'sl';

/** What a Select does to one flag: `on` is A, or selected; `off` is B, or not selected. */
export type FlagChange = 'on' | 'off' | 'negate' | 'keep';

export interface Select {
  readonly flag: TagFlag;
  matches(epc: string): boolean;
  readonly matching: FlagChange;
  readonly other: FlagChange;
}

/** One inventory round as tags hear it: the Selects in front of it, and whom its Query asks. */
export interface Query {
  readonly session: Exclude<TagFlag, 'sl'>;
  /** `both`: first those in A, then those in B. */
  readonly target: 'a' | 'b' | 'both';
  /** With any of them only selected tags are asked. */
  readonly selects: readonly Select[];
}

export interface Persistence {
  /** B of S1 lasts so long, whether the tag has power or not; the standard says 0.5 to 5 s. */
  readonly s1Ms: number;
  /** S2, S3 and SL last so long without power, and for ever with it; the standard says more than 2 s. */
  readonly unpoweredMs: number;
}

/** Tags on the market keep S2 and S3 for several seconds and more; what lasts long is what a reader has to cope with. */
export const usualPersistence: Persistence = { s1Ms: 2000, unpoweredMs: 10_000 };

/** Who answers: a tag has flags of its own, which outlive the reader's settings and its restarts. */
export interface TagFlags {
  /** Of the tags that an antenna reaches in one round, those that the Query asks; they change sides. */
  answers(reached: readonly AirRead[], query: Query, atMs: number): readonly AirRead[];
}

interface FlagState {
  /** Flags that are in B; SL here means not selected. S0 is lost between two rounds and is never kept. */
  readonly off: Set<TagFlag>;
  s1UntilMs: number;
  poweredAtMs: number;
}

/**
 * @param hearsSelect whether a tag hears one Select: a command that is lost on the way leaves its flags as they were,
 * and the Query after it finds whoever was selected before.
 */
export function createTagFlags(
  persistence: Persistence = usualPersistence,
  hearsSelect: () => boolean = () => true,
): TagFlags {
  const states = new Map<string, FlagState>();

  const powered = (epc: string, atMs: number): FlagState => {
    let state = states.get(epc);
    if (state === undefined || atMs - state.poweredAtMs > persistence.unpoweredMs) {
      const stillInB: readonly TagFlag[] = state?.off.has('s1') ? ['s1'] : [];
      state = { off: new Set(['sl', ...stillInB]), s1UntilMs: state?.s1UntilMs ?? 0, poweredAtMs: atMs };
      states.set(epc, state);
    }
    state.off.delete('s0');
    if (state.s1UntilMs <= atMs) state.off.delete('s1');
    state.poweredAtMs = atMs;
    return state;
  };

  const change = (state: FlagState, flag: TagFlag, how: FlagChange, atMs: number): void => {
    if (how === 'keep') return;
    const off = how === 'negate' ? !state.off.has(flag) : how === 'off';
    if (off) state.off.add(flag);
    else state.off.delete(flag);
    if (off && flag === 's1') state.s1UntilMs = atMs + persistence.s1Ms;
  };

  return {
    answers: (reached, { session, target, selects }, atMs) =>
      reached.filter(({ epc, count }) => {
        const state = powered(epc, atMs);
        for (const select of selects) {
          if (!hearsSelect()) continue;
          change(state, select.flag, select.matches(epc) ? select.matching : select.other, atMs);
        }
        if (selects.length > 0 && state.off.has('sl')) return false;
        if (target !== 'both' && state.off.has(session) !== (target === 'b')) return false;
        // Asked on both sides it changes as often as it answers.
        if (target !== 'both' || count % 2 === 1) change(state, session, 'negate', atMs);
        return true;
      }),
  };
}
