/** One line of a scenario, understood. Times are milliseconds. */
export type Step =
  | { readonly kind: 'badge'; readonly who: string; readonly times: number }
  | { readonly kind: 'open'; readonly door: number; readonly force: boolean }
  | { readonly kind: 'try door'; readonly door: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'take'; readonly tool: string }
  | { readonly kind: 'put'; readonly tool: string }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'sign out' }
  | { readonly kind: 'fault'; readonly fault: FaultWords; readonly forMs: number | null }
  | { readonly kind: 'end fault'; readonly fault: FaultWords }
  | { readonly kind: 'network'; readonly weather: NetworkWords }
  | { readonly kind: 'broker'; readonly what: 'restart' | 'down' | 'up' }
  | { readonly kind: 'cloud'; readonly what: 'down' | 'up' | 'backup' | 'restore' }
  | { readonly kind: 'power'; readonly on: boolean }
  | { readonly kind: 'restart agent' }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'disk'; readonly what: 'full' | 'free' | 'refuses' }
  | { readonly kind: 'set badge'; readonly who: string; readonly status: 'active' | 'lost' | 'revoked' }
  | { readonly kind: 'expect'; readonly expectation: Expectation; readonly withinMs: number };

export interface FaultWords {
  readonly name: string;
  readonly device: 'uhf' | 'badge' | 'lock' | null;
  readonly options: Readonly<Record<string, number | boolean>>;
}

export type NetworkWords =
  | { readonly kind: 'down' | 'up' }
  | { readonly kind: 'loses' | 'doubles'; readonly percent: number }
  | { readonly kind: 'delays'; readonly mostMs: number };

/** What ought to be so. A line is looked for among the events since the last act of a person or of fate. */
export type Expectation =
  | { readonly kind: 'line'; readonly line: ExpectedLine }
  | { readonly kind: 'no line'; readonly tool: string | null }
  | { readonly kind: 'screen'; readonly phase: string }
  | { readonly kind: 'refused'; readonly refusal: string }
  | { readonly kind: 'event'; readonly event: string; readonly device: string | null }
  | { readonly kind: 'no event'; readonly event: string }
  | { readonly kind: 'holder'; readonly tool: string; readonly who: string | null }
  | { readonly kind: 'inside'; readonly tool: string }
  | { readonly kind: 'missing'; readonly tool: string }
  | { readonly kind: 'door'; readonly door: number; readonly locked: boolean }
  | { readonly kind: 'cloud complete' }
  | { readonly kind: 'pending'; readonly atLeast: number }
  | { readonly kind: 'online'; readonly online: boolean }
  | { readonly kind: 'device'; readonly device: 'uhf' | 'badge' | 'lock'; readonly status: string }
  | { readonly kind: 'fault told'; readonly part: string };

export interface ExpectedLine {
  readonly movement: 'taken' | 'returned';
  readonly tool: string;
  /** Null for nobody; undefined when anybody will do. */
  readonly by: string | null | undefined;
  readonly takenBy: string | undefined;
  readonly disputed: boolean | undefined;
  readonly authority: 'allowed' | 'forbidden' | 'unsigned' | undefined;
}

export interface PlacedStep {
  readonly line: number;
  readonly text: string;
  readonly step: Step;
}

export interface Scenario {
  readonly title: string;
  readonly steps: readonly PlacedStep[];
}
