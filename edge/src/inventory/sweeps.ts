import type { SweepPlan, UhfReader } from '../reader/reader.js';

/** The part of a reader that changes whom it asks. */
export type PlanReader = Required<Pick<UhfReader, 'setPlan' | 'focusLimit'>>;

/** Whom the reader asks during one count, and how it is brought to ask others. */
export interface Sweeps {
  /** In force; null while a change is under way, or when nobody knows what the reader does. */
  readonly current: SweepPlan | null;
  readonly isChanging: boolean;
  /** Refused once in this count, and not asked for again. */
  cannot(kind: SweepPlan['kind']): boolean;
  change(plan: SweepPlan): void;
  /** The reader was away or complained: it may be reading anything. */
  lost(): void;
  /** The count is over: everybody is asked again. */
  end(): void;
}

export interface SweepsOptions {
  readonly reader: PlanReader;
  /**
   * The plan is in force; what was read before belongs to no round. `anew`: its first sweep begins
   * now; otherwise one is under way of which only the end will be heard.
   */
  onBegin(plan: SweepPlan, anew: boolean): void;
}

/** Reading as usual is all that is sure of a reader that does not say otherwise. */
const usual: SweepPlan = { kind: 'usual' };

export function createSweeps({ reader, onBegin }: SweepsOptions): Sweeps {
  const refused = new Set<SweepPlan['kind']>();
  let current: SweepPlan | null = null;
  let asked = 0;
  let answered = 0;
  let ended = false;
  let isUsual = true;

  const begins = (plan: SweepPlan, mine: number, anew: boolean): void => {
    if (ended || mine !== asked) return;
    current = plan;
    onBegin(plan, anew);
  };

  const ask = async (plan: SweepPlan): Promise<void> => {
    asked += 1;
    const mine = asked;
    isUsual = plan.kind === 'usual';
    const done = await reader.setPlan(plan, () => begins(plan, mine, true));
    answered = Math.max(answered, mine);
    if (ended || mine !== asked || done) return;
    refused.add(plan.kind);
    // It reads on as before; a reader that cannot even begin anew is taken as it is.
    if (plan.kind === 'usual') begins(usual, mine, false);
    else await ask(usual);
  };

  return {
    get current() {
      return current;
    },
    get isChanging() {
      return answered < asked;
    },
    cannot: (kind) => refused.has(kind),
    change: (plan) => void ask(plan),
    lost: () => {
      current = null;
    },
    end: () => {
      if (!ended && !isUsual) void reader.setPlan(usual, () => {});
      ended = true;
    },
  };
}
