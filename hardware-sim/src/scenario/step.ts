import type { ReportedWhat } from '@tagtrail/shared/events/desk-event.js';
import type { ShiftDecision } from '@tagtrail/shared/kiosk/kiosk-actions.js';

/** One line of a scenario, understood. Times are milliseconds. */
export type Step =
  | { readonly kind: 'badge'; readonly who: string; readonly times: number }
  | { readonly kind: 'open'; readonly door: number; readonly force: boolean }
  | { readonly kind: 'try door'; readonly door: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'take'; readonly tool: string }
  | { readonly kind: 'put'; readonly tool: string }
  | { readonly kind: 'cover'; readonly tool: string; readonly covered: boolean }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'sign out' }
  /** Something is asked at the screen; a refusal fails the scenario unless it is only tried. */
  | { readonly kind: 'tap'; readonly tap: Tap; readonly tried: boolean }
  | { readonly kind: 'fault'; readonly fault: FaultWords; readonly forMs: number | null }
  | { readonly kind: 'end fault'; readonly fault: FaultWords }
  | { readonly kind: 'network'; readonly weather: NetworkWords }
  | { readonly kind: 'broker'; readonly what: 'restart' | 'down' | 'up' }
  | { readonly kind: 'cloud'; readonly what: 'down' | 'up' | 'backup' | 'restore' }
  | { readonly kind: 'power'; readonly on: boolean }
  | { readonly kind: 'restart agent' }
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'disk'; readonly what: 'full' | 'free' | 'refuses' | 'short' | 'whole' }
  | { readonly kind: 'set badge'; readonly who: string; readonly status: 'active' | 'lost' | 'revoked' }
  | { readonly kind: 'set two-person'; readonly tool: string }
  /** What the lines carried so far is played to another agent, with these settings of its inventory. */
  | { readonly kind: 'replay'; readonly presence: Readonly<Record<string, number>> }
  /** A change of shift at many cabinets, in a world of their own with this world's weather. */
  | { readonly kind: 'fleet'; readonly cabinets: number; readonly visits: number; readonly durationMs: number }
  | { readonly kind: 'expect'; readonly expectation: Expectation; readonly withinMs: number };

/** What people do at the screen besides signing out. */
export type Tap =
  | { readonly kind: 'pin'; readonly who: string; readonly right: boolean; readonly times: number }
  /** Null for none. */
  | { readonly kind: 'order'; readonly number: string | null }
  | { readonly kind: 'dispute'; readonly tool: string }
  | { readonly kind: 'report'; readonly tool: string; readonly what: ReportedWhat }
  | { readonly kind: 'search'; readonly tool: string }
  | { readonly kind: 'end search'; readonly tool: string; readonly outcome: 'accounted' | 'declared_lost' }
  | { readonly kind: 'hand over'; readonly tools: readonly string[] }
  | { readonly kind: 'shift end'; readonly decisions: readonly (readonly [tool: string, decision: ShiftDecision])[] }
  | { readonly kind: 'return only'; readonly tools: readonly string[] }
  | { readonly kind: 'acknowledge' };

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
  /** The opposite of another one, for the whole time that is named. */
  | { readonly kind: 'not'; readonly expectation: SeenExpectation }
  /** All steps up to here, played in a second world of the same seed, give the same bytes and the same events. */
  | { readonly kind: 'same again' }
  /** Everything that the newest fleet recorded was committed, once each. */
  | { readonly kind: 'fleet complete' }
  | { readonly kind: 'fleet p99'; readonly underMs: number }
  /** Of these tools, and of no others, the newest replay says something else. */
  | { readonly kind: 'flipped'; readonly tools: readonly string[] }
  | { readonly kind: 'line'; readonly line: ExpectedLine }
  | { readonly kind: 'no line'; readonly tool: string | null }
  | { readonly kind: 'screen'; readonly phase: string }
  | { readonly kind: 'refused'; readonly refusal: string }
  | {
      readonly kind: 'event';
      readonly event: string;
      readonly device: string | null;
      readonly tool: string | null;
      readonly by: string | null;
    }
  /** What became of a line that somebody denied. */
  | { readonly kind: 'dispute settled'; readonly tool: string; readonly outcome: string }
  /** The newest tap was answered so: `ok`, or the code of the refusal. */
  | { readonly kind: 'answer'; readonly code: string }
  /** What the search at the screen says of a tool; `forbidden` is the reason, null for none. */
  | { readonly kind: 'found'; readonly tool: string; readonly where: string; readonly forbidden: string | null }
  /** What "my data" says that the signed-in person holds. */
  | { readonly kind: 'my data'; readonly tools: readonly string[] }
  | { readonly kind: 'notice'; readonly read: boolean }
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

/** What can be seen in one world; how a second one goes is seen by who plays both. */
export type SeenExpectation = Exclude<
  Expectation,
  { readonly kind: 'same again' | 'flipped' | 'fleet complete' | 'fleet p99' }
>;

export interface ExpectedLine {
  readonly movement: 'taken' | 'returned';
  readonly tool: string;
  /** Null for nobody; undefined when anybody will do. */
  readonly by: string | null | undefined;
  readonly takenBy: string | undefined;
  readonly disputed: boolean | undefined;
  readonly authority: 'allowed' | 'forbidden' | 'unsigned' | undefined;
  /** Number of the order on the line. */
  readonly order: string | undefined;
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
