import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import { idFromUuid } from '@tagtrail/shared/ids.js';
import { stateMessage } from '@tagtrail/shared/mqtt/messages.js';
import { referenceOf } from '../entries/entry-view.js';
import { cabinetLink, type Reported } from './cabinet-link.js';

/** A cabinet with its last state and the counts of its board, as `read-cabinets.ts` selects it. */
export interface CabinetRow {
  readonly id: string;
  readonly name: string;
  readonly site_id: string;
  readonly site_name: string;
  readonly revoked_at: Date | null;
  readonly online: boolean | null;
  readonly last_seen_at: Date | null;
  readonly body: unknown;
  readonly clock_offset_ms: number | null;
  readonly rulebook_wanted: number | null;
  readonly two_person_to_open: boolean;
  readonly session_id: string | null;
  readonly session_person_id: string | null;
  readonly session_person_name: string | null;
  readonly session_opened_at: Date | null;
  readonly last_session_id: string | null;
  readonly last_session_person_id: string | null;
  readonly last_session_person_name: string | null;
  readonly last_session_closed_at: Date | null;
  readonly last_session_taken: number | null;
  readonly last_session_returned: number | null;
  readonly counted_at: Date | null;
  /** Open incidents, oldest first; times in ISO 8601. */
  readonly incidents: CabinetView['incidents'];
  readonly assigned: number;
  readonly inside: number;
  readonly out: number;
  readonly missing: number;
  readonly disputed: number;
}

type OnlineState = Extract<ReturnType<typeof stateMessage.parse>, { online: true }>;

export function cabinetView(row: CabinetRow, atMs: number): CabinetView {
  const state = lastState(row.body);
  return {
    id: idFromUuid('cabinet', row.id),
    name: row.name,
    site: { id: idFromUuid('site', row.site_id), name: row.site_name },
    link: cabinetLink(reportedOf(row), atMs),
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
    pending: state?.pending ?? null,
    oldest_pending_at: state?.oldestPendingAt ?? null,
    rulebook_version: state?.rulebook ?? null,
    rulebook_wanted: row.rulebook_wanted ?? 0,
    two_person_to_open: row.two_person_to_open,
    clock_offset_ms: row.clock_offset_ms,
    faults: [...(state?.faults ?? [])],
    incidents: row.incidents,
    disk: state?.disk === undefined ? null : { used_pct: state.disk.usedPct, level: state.disk.level },
    devices: state?.devices ?? {},
    doors: state?.doors ?? [],
    phase: state?.phase ?? null,
    session:
      row.session_id === null || row.session_opened_at === null
        ? null
        : {
            id: idFromUuid('session', row.session_id),
            person: referenceOf('person', row.session_person_id, row.session_person_name),
            opened_at: row.session_opened_at.toISOString(),
          },
    last_session:
      row.last_session_id === null || row.last_session_closed_at === null
        ? null
        : {
            id: idFromUuid('session', row.last_session_id),
            person: referenceOf('person', row.last_session_person_id, row.last_session_person_name),
            closed_at: row.last_session_closed_at.toISOString(),
            taken: row.last_session_taken ?? 0,
            returned: row.last_session_returned ?? 0,
          },
    counts: {
      assigned: row.assigned,
      inside: row.inside,
      out: row.out,
      missing: row.missing,
      disputed: row.disputed,
    },
    counted_at: row.counted_at?.toISOString() ?? null,
  };
}

export function reportedOf(row: Pick<CabinetRow, 'online' | 'last_seen_at' | 'body'>): Reported {
  const state = lastState(row.body);
  const oldest = state?.oldestPendingAt ?? null;
  return {
    online: row.online ?? false,
    lastSeenAtMs: row.last_seen_at?.getTime() ?? null,
    pending: state?.pending ?? null,
    oldestPendingAtMs: oldest === null ? null : Date.parse(oldest),
  };
}

/** The last full state message; a stored one of an older shape counts as none. */
export function lastState(body: unknown): OnlineState | undefined {
  const result = stateMessage.safeParse(body);
  return result.success && result.data.online ? result.data : undefined;
}
