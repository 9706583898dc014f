import type { IncidentKind } from '@tagtrail/shared/api/cabinet.js';
import type { SqlTransaction } from '../sql-transaction.js';
import type { TrailSpan } from './span.js';

/** A line of the trail as far as incidents go; `log` is null where it names none. */
export interface IncidentLine {
  readonly index: number;
  readonly cabinet: string;
  readonly kind: string;
  readonly atIso: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type IncidentStep =
  | {
      readonly do: 'open';
      readonly line: IncidentLine;
      readonly incident: IncidentKind;
      readonly log: string;
    }
  /** `log` undefined: whatever it was about. */
  | {
      readonly do: 'close';
      readonly line: IncidentLine;
      readonly incident: IncidentKind;
      readonly log: string | undefined;
    };

/** The kinds that open or close an incident. */
export const incidentKinds = [
  'cabinet.gap_opened',
  'cabinet.gap_closed',
  'cabinet.clone_suspected',
  'cabinet.enrolled',
  'journal.forked',
] as const;

/**
 * What a line does to the incidents of its cabinet. A cabinet that gives up a log of which the cloud
 * knows another history has answered the suspicion about that log; new credentials end every one.
 */
export function incidentStep(line: IncidentLine): IncidentStep | undefined {
  const named = (name: string): string => (typeof line.data[name] === 'string' ? line.data[name] : '');
  switch (line.kind) {
    case 'cabinet.gap_opened':
      return { do: 'open', line, incident: 'stream_gap', log: named('log') };
    case 'cabinet.gap_closed':
      return { do: 'close', line, incident: 'stream_gap', log: named('log') };
    case 'cabinet.clone_suspected':
      return { do: 'open', line, incident: 'clone_suspected', log: named('log') };
    case 'journal.forked':
      return { do: 'close', line, incident: 'clone_suspected', log: named('previousLog') };
    case 'cabinet.enrolled':
      return { do: 'close', line, incident: 'clone_suspected', log: undefined };
    default:
      return undefined;
  }
}

/** What is wrong with what cabinets send. The lines are few, so they are taken in one by one, in their order. */
export async function foldIncidents(tx: SqlTransaction, { tenant, from, to }: TrailSpan): Promise<void> {
  const rows = await tx.$queryRaw<
    { index: bigint; cabinet: string; kind: string; at: Date; data: IncidentLine['data'] }[]
  >`
    select index, cabinet_id::text as cabinet, kind, recorded_at as at, data from entry
    where tenant_id = ${tenant}::uuid and index between ${from} and ${to} and status = 'accepted'
      and kind = any(${[...incidentKinds]}::text[]) and cabinet_id is not null
    order by index`;
  for (const { index, at, ...row } of rows) {
    const step = incidentStep({ ...row, index: Number(index), atIso: at.toISOString() });
    if (step !== undefined) await take(tx, tenant, step);
  }
}

/** Incidents whose opening line retention has taken away go with it; one that lasts is found again. */
export async function dropIncidentsOf(tx: SqlTransaction, tenant: string, indexes: readonly number[]): Promise<void> {
  await tx.$executeRaw`
    delete from incident where tenant_id = ${tenant}::uuid and opened_index = any(${[...indexes]}::bigint[])`;
}

async function take(tx: SqlTransaction, tenant: string, step: IncidentStep): Promise<void> {
  const { line, incident } = step;
  if (step.do === 'close') {
    await tx.$executeRaw`
      delete from incident where tenant_id = ${tenant}::uuid and cabinet_id = ${line.cabinet}::uuid
        and kind = ${incident} and (${step.log ?? null}::text is null or log_id = ${step.log ?? null}::text)`;
    return;
  }
  // What is opened again while it lasts has lasted since it was opened first.
  await tx.$executeRaw`
    insert into incident (tenant_id, cabinet_id, kind, log_id, since, opened_index, detail)
    values (${tenant}::uuid, ${line.cabinet}::uuid, ${incident}, ${step.log}, ${line.atIso}::timestamptz,
      ${line.index}, ${JSON.stringify(line.data)}::jsonb)
    on conflict do nothing`;
}
