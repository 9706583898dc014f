import type { TakeReason, TakeReasonCode } from '../events/take-reason.js';
import type { Grant, RulebookItem, RulebookPerson } from './rulebook.js';
import { isInWindow, windowsText } from './time-window.js';

export type MayCheckOut = { readonly allowed: true } | { readonly allowed: false; readonly refusal: TakeReason };

export interface TakeQuestion {
  readonly person: RulebookPerson;
  readonly item: RulebookItem;
  /** Wall time. */
  readonly atMs: number;
  /** The grants that name the item or all items, by whoever they are for. */
  readonly grants?: readonly Grant[];
  /** IANA name; UTC when left out. */
  readonly timeZone?: string;
  /** When somebody at the cabinet reported it broken, incomplete or lost; null for never. */
  readonly reportedAt?: string | null;
  /** A second person has badged in this session. */
  readonly witnessed?: boolean;
}

/**
 * Whether a person may take an item; the first reason that forbids it is given, by name. No such
 * question exists for a return: nothing may refuse one.
 */
export function mayCheckOut(question: TakeQuestion): MayCheckOut {
  const refusal = ofTheItem(question) ?? ofTheLicences(question) ?? ofTheGrants(question) ?? ofTheSecond(question);
  return refusal === null ? { allowed: true } : { allowed: false, refusal };
}

/** True while a report at the cabinet keeps the item in quarantine: only an inspection after it ends that. */
export function isReported(item: Pick<RulebookItem, 'inspectedAt'>, reportedAt: string | null | undefined): boolean {
  if (reportedAt == null) return false;
  return item.inspectedAt == null || Date.parse(item.inspectedAt) <= Date.parse(reportedAt);
}

function refuse(reason: TakeReasonCode, name: string | null = null, since: string | null = null): TakeReason {
  return { reason, reasonName: name, reasonSince: since };
}

function ofTheItem({ item, atMs, reportedAt }: TakeQuestion): TakeReason | null {
  if (item.status === 'retired') return refuse('retired');
  if (isReported(item, reportedAt)) return refuse('reported', null, reportedAt ?? null);
  if (item.status === 'quarantine') return refuse('quarantine');
  const due = item.calibrationDueAt;
  return due !== null && Date.parse(due) <= atMs ? refuse('calibration_overdue', null, due) : null;
}

function ofTheLicences({ person, item, atMs }: TakeQuestion): TakeReason | null {
  for (const name of item.licences ?? []) {
    const own = (person.licences ?? []).filter((licence) => licence.name === name);
    if (own.length === 0) return refuse('licence_missing', name);
    if (own.some(({ validUntil }) => validUntil === null || Date.parse(validUntil) > atMs)) continue;
    const last = own.map(({ validUntil }) => validUntil ?? '').sort()[own.length - 1];
    return refuse('licence_expired', name, last ?? null);
  }
  return null;
}

function ofTheGrants(question: TakeQuestion): TakeReason | null {
  const { person, item, atMs, timeZone = 'UTC' } = question;
  const inForce = (question.grants ?? []).filter(
    ({ validUntil }) => validUntil === null || Date.parse(validUntil) > atMs,
  );
  const open = ({ windows }: Grant): boolean =>
    windows === undefined || windows.some((window) => isInWindow(window, atMs, timeZone));
  const own = inForce.filter(({ to }) =>
    'person' in to ? to.person === person.person : person.groups.includes(to.group),
  );
  const denied = own.find((grant) => grant.effect === 'deny' && open(grant));
  if (denied !== undefined) return refuse('denied', denied.note);
  const allowed = own.filter((grant) => grant.effect === 'allow');
  // A grant that names the person in hours of their own sets the hours, whatever the groups say.
  if (allowed.length > 0) {
    if (allowed.some(open)) return null;
    return refuse('outside_window', windowsText(allowed.flatMap(({ windows }) => windows ?? [])));
  }
  if (item.groups.length > 0) {
    const inGroup = item.groups.some((group) => person.groups.includes(group));
    return inGroup ? null : refuse('not_in_group', item.groups.join(', ').slice(0, 200));
  }
  const forOthers = (question.grants ?? []).some((grant) => grant.effect === 'allow' && grant.assets !== null);
  return forOthers ? refuse('not_granted') : null;
}

function ofTheSecond({ item, witnessed }: TakeQuestion): TakeReason | null {
  return item.twoPerson === true && witnessed !== true ? refuse('witness_missing') : null;
}
