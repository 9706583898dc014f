import type { SealedLine } from '@tagtrail/shared/proof/entry-leaf.js';
import type { NetMove, Visit } from '../world/oracle.js';

/** All that is known of a run when it is over: what happened, what the cabinet wrote down, what the cloud committed. */
export interface RunRecord {
  /** UUID of the customer whose cabinet it is. */
  readonly tenant: string;
  readonly committed: readonly CommittedEntry[];
  /** The head of each stream as the cloud stores it. */
  readonly streams: readonly { readonly logId: string; readonly nextSeq: number; readonly chain: string }[];
  /** The journal as its disk was found at the end, behind what it had made durable and then let go. */
  readonly journal: {
    readonly logId: string;
    /** The last sequence that it has let go to make room; 0 for none. */
    readonly trimmed: number;
    readonly events: readonly RecordedEvent[];
    readonly acknowledged: number;
    readonly last: number;
    readonly chain: string;
  };
  /** What the cabinet called recorded, as the world saw it at that moment: before any later reading of the disk. */
  readonly accepted: readonly { readonly logId: string; readonly seq: number; readonly kind: string }[];
  readonly answers: readonly { readonly logId: string; readonly upTo: number; readonly committed: number }[];
  readonly visits: readonly Visit[];
  readonly moves: readonly NetMove[];
  /** EPCs that lay under metal at some time, where no antenna hears them. */
  readonly covered: ReadonlySet<string>;
  /** Every tool: where it really is, and where the cloud has it. Ids are names in the cast. */
  readonly tools: readonly ToolTruth[];
  /** Person ids (TypeID) by their names. */
  readonly people: ReadonlyMap<string, string>;
  /** Nothing was left to deliver before the run was given up waiting. */
  readonly delivered: boolean;
  readonly quarantined: readonly { readonly reason: string; readonly detail: string }[];
  readonly audit: AuditRecord;
  /** What would give a person away: ids, badge numbers and their hashes. */
  readonly subjects: readonly { readonly name: string; readonly trace: string }[];
  readonly peaks: { readonly diskBytes: number; readonly pending: number };
  /** What a browser that watched the trail showed, one look for each message that it got. */
  readonly looks: readonly Look[];
}

/** The live trail on a screen at one moment. */
export interface Look {
  /** Which trail it is of: a cloud that was restored from a backup begins another one. */
  readonly trail: number;
  /** The index of the line that is shown first for each asset (UUID), newest at the top. */
  readonly newest: ReadonlyMap<string, number>;
  /** Rows that say that lines were left out. */
  readonly holes: number;
  /** Older lines exist that the screen does not hold. */
  readonly truncated: boolean;
}

/** The audit log at the end. */
export interface AuditRecord {
  readonly lines: readonly AuditLine[];
  /** In the order in which they were signed. */
  readonly checkpoints: readonly SignedCheckpoint[];
  /** What the cabinet cosigned, and what it holds on its disk. */
  readonly copies: readonly SignedCheckpoint[];
  readonly refusedCosignatures: number;
}

/** A line of the trail as the cloud keeps it, and the leaf that was made when it was committed. */
export interface AuditLine {
  readonly line: SealedLine;
  readonly leaf: Uint8Array;
}

export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface RecordedEvent {
  readonly seq: number;
  readonly kind: string;
  readonly boot: string;
  readonly mono: number;
  readonly session?: string | undefined;
  readonly actor?: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CommittedEntry {
  readonly tenant: string;
  readonly index: number;
  readonly logId: string | null;
  readonly seq: number | null;
  readonly chain: string | null;
  /** UUID. */
  readonly assetId: string | null;
  readonly status: 'accepted' | 'quarantined';
  readonly event: Readonly<Record<string, unknown>>;
}

export interface ToolTruth {
  readonly name: string;
  readonly epc: string;
  readonly inside: boolean;
  /** What the cloud's custody says; undefined when no move was ever told. */
  readonly custody:
    | { readonly state: 'in' | 'out'; readonly holder: string | null; readonly disputed: boolean }
    | undefined;
  /** The cabinet's last inventory lists it as present, in doubt or missing; undefined when it lists it nowhere. */
  readonly listed: 'present' | 'doubtful' | 'missing' | undefined;
}

/** One invariant. What it says about a run is a sentence for each violation; none when all is well. */
export interface Checker {
  /** As in the list of invariants: I1 to I15. */
  readonly id: string;
  readonly sentence: string;
  check(run: RunRecord): readonly string[];
}

/** The custody lines of the trail, each event once, in the order of their streams. */
export function custodyLines(run: RunRecord): readonly CustodyLine[] {
  const denied = new Set(
    run.committed.flatMap(({ event }) => (event.kind === 'asset.disputed' ? [lineKey(event)] : [])),
  );
  return run.committed.flatMap(({ event, status }) => {
    const { kind } = event;
    if (status !== 'accepted' || (kind !== 'asset.checked_out' && kind !== 'asset.returned')) return [];
    const { seq, actor, data } = event as unknown as RecordedEvent;
    const { epc, disputed, certainty } = data as { epc: string; disputed: boolean; certainty: string };
    const isUnwatched = event.session === undefined && certainty === 'window';
    const move = kind === 'asset.checked_out' ? 'take' : 'return';
    return [{ seq, epc, disputed, isUnwatched, denied: denied.has(lineKey(event)), actor, kind: move } as const];
  });
}

/** A session has at most one line for a tool. */
function lineKey({ session, data }: CommittedEntry['event']): string {
  return `${session} ${(data as { epc: string }).epc}`;
}

export interface CustodyLine {
  readonly seq: number;
  readonly epc: string;
  readonly kind: 'take' | 'return';
  readonly disputed: boolean;
  /** The person said on the receipt that it is wrong. */
  readonly denied: boolean;
  readonly actor: string | undefined;
  /** Of no session, and found by a count after more than one visit. */
  readonly isUnwatched: boolean;
}
