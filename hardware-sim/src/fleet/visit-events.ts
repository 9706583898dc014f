import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { AssetId, PersonId, SessionId } from '@tagtrail/shared/ids.js';

export interface Tool {
  readonly id: AssetId;
  readonly epc: string;
  readonly name: string;
}

export interface VisitFacts {
  readonly session: SessionId;
  readonly person: PersonId;
  readonly tool: Tool;
  /** Who has the tool; null while it is in the cabinet, and then it is taken. */
  readonly holder: PersonId | null;
  readonly openForMs: number;
  readonly countForMs: number;
}

/** What a cabinet records of one visit, by the moment at which it does. */
export function visitEvents(facts: VisitFacts): {
  readonly atBadge: readonly TraceDraft[];
  readonly atClose: readonly TraceDraft[];
  readonly atRest: readonly TraceDraft[];
} {
  const { session, person, tool, holder, openForMs, countForMs } = facts;
  const by = { session, actor: person };
  const takes = holder === null;
  const line = {
    ...{ epc: tool.epc, name: tool.name, confidencePct: 99, disputed: false, certainty: 'observed' as const },
    evidence: { reads: 21, rounds: 6, antennas: [1, 2], bestRssiDbm: -52 },
  };
  const moved: TraceDraft = takes
    ? { kind: 'asset.checked_out', ...by, asset: tool.id, data: { ...line, authority: 'allowed', reason: null } }
    : { kind: 'asset.returned', ...by, asset: tool.id, data: { ...line, takenBy: holder } };
  return {
    atBadge: [
      { kind: 'session.opened', ...by, data: { door: 1, signed: true } },
      { kind: 'door.unlocked', ...by, data: { door: 1 } },
      { kind: 'door.opened', ...by, data: { door: 1, signed: true } },
    ],
    atClose: [{ kind: 'door.closed', ...by, data: { door: 1, openForMs } }],
    atRest: [
      moved,
      {
        kind: 'inventory.settled',
        ...by,
        data: {
          ...{ trigger: 'session', present: takes ? [] : [tool.epc], doubtful: [], missing: [] },
          ...{ rounds: 6, reads: takes ? 0 : 21, elapsedMs: countForMs },
        },
      },
      {
        kind: 'session.closed',
        ...by,
        data: {
          ...{ outcome: 'settled', taken: takes ? 1 : 0, returned: takes ? 0 : 1, disputed: 0 },
          elapsedMs: openForMs + countForMs,
        },
      },
    ],
  };
}
