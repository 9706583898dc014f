import { type TraceEvent, traceEvent } from '@tagtrail/shared/events/trace-event.js';
import {
  type AssetId,
  type CabinetId,
  idFromUuid,
  type PersonId,
  type SessionId,
  type TenantId,
} from '@tagtrail/shared/ids.js';
import type { TagRead } from '@tagtrail/shared/inventory/tag-read.js';
import type { Rulebook, RulebookItem, RulebookPerson } from '@tagtrail/shared/rules/rulebook.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import { type EdgeConfig, parseEdgeConfig } from '../config.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import type { Journal } from '../journal/journal.js';
import { badgeHash, indexRulebook, type RulebookIndex } from '../rules/rulebook-index.js';
import type { Book, BookItem } from '../session/book.js';

/** Builders of values with everything filled in; a test names only what it is about. */

/** A 96-bit EPC that ends in `number`. */
export function anEpc(number: number): string {
  return `3034257BF7194E4000${number.toString(16).toUpperCase().padStart(6, '0')}`;
}

function uuid(group: number, number: number): string {
  const tail = number.toString(16).padStart(12, '0');
  return `019a0000-000${group}-7000-8000-${tail}`;
}

export const aPersonId = (number: number): PersonId => idFromUuid('person', uuid(1, number));
export const anAssetId = (number: number): AssetId => idFromUuid('asset', uuid(2, number));
export const aTenantId: TenantId = idFromUuid('tenant', uuid(3, 1));
export const aCabinetId: CabinetId = idFromUuid('cabinet', uuid(4, 1));

export function aTagRead(fields: Partial<TagRead> = {}): TagRead {
  return { epc: anEpc(1), antenna: 1, rssiDbm: -55, count: 1, atMs: 0, ...fields };
}

export function anItem(number: number, fields: Partial<RulebookItem> = {}): RulebookItem {
  return {
    asset: anAssetId(number),
    epc: anEpc(number),
    name: `Tool ${number}`,
    model: null,
    home: true,
    status: 'available',
    calibrationDueAt: null,
    groups: [],
    heldBy: null,
    ...fields,
  };
}

export function aPerson(number: number, fields: Partial<RulebookPerson> = {}): RulebookPerson {
  return {
    person: aPersonId(number),
    displayName: `Person ${number}`,
    language: 'en',
    status: 'active',
    validUntil: null,
    groups: [],
    ...fields,
  };
}

/** The badge number of `aPerson(number)` in `aRulebook`. */
export function aBadgeNumber(number: number): string {
  return number.toString(16).toUpperCase().padStart(10, '0');
}

export function aRulebook(fields: Partial<Rulebook> = {}): Rulebook {
  const people = fields.people ?? [aPerson(1), aPerson(2)];
  return {
    v: 1,
    version: 1,
    tenant: aTenantId,
    cabinet: aCabinetId,
    issuedAt: '2026-01-01T00:00:00.000Z',
    badgeKey: '0'.repeat(64),
    people,
    badges: people.map((person, index) => ({
      hash: badgeHash('0'.repeat(64), aBadgeNumber(index + 1)),
      person: person.person,
      status: 'active',
      validUntil: null,
    })),
    items: [1, 2, 3, 4, 5].map((number) => anItem(number)),
    ...fields,
  };
}

export interface TestRules {
  current(): RulebookIndex;
  onChange(listen: (index: RulebookIndex) => void): void;
  apply(rulebook: Rulebook | undefined): void;
}

/** The rulebook in force, changed by the test. */
export function rulesInForce(first: Rulebook | undefined): TestRules {
  let index = indexRulebook(first);
  const listeners: ((index: RulebookIndex) => void)[] = [];
  return {
    current: () => index,
    onChange: (listen) => {
      listeners.push(listen);
    },
    apply: (next) => {
      index = indexRulebook(next);
      for (const listen of listeners) listen(index);
    },
  };
}

export interface MemoryJournal extends Pick<Journal, 'record' | 'replay' | 'pending'> {
  readonly events: TraceEvent[];
}

/** A journal without a disk; it takes nothing that the trail would not. `refuse` may reject a record as a full disk would. */
export function memoryJournal(
  clock: Clock,
  options: { readonly events?: readonly TraceEvent[]; refuse?(kind: string): Error | undefined } = {},
): MemoryJournal {
  const events: TraceEvent[] = [...(options.events ?? [])];
  return {
    events,
    record: async (draft) => {
      const refusal = options.refuse?.(draft.kind);
      if (refusal !== undefined) throw refusal;
      const stamp = { seq: events.length + 1, at: wallIso(clock), mono: Math.floor(clock.monotonicMs()) };
      const event = traceEvent.parse({ ...draft, ...stamp, boot: '0011223344556677' });
      events.push(event);
      return event;
    },
    replay: async function* () {
      yield* [...events];
    },
    pending: () => ({ count: events.length, oldestAt: events[0]?.at ?? null }),
  };
}

export const aSessionId = (number: number): SessionId => idFromUuid('session', uuid(5, number));

/** A book that was counted; every list holds EPCs. What is out was taken by person 9. */
export function aBook(fields: {
  readonly inside?: readonly string[];
  readonly out?: readonly string[];
  readonly missing?: readonly string[];
}): Book {
  const item = { confidencePct: 100, takenBy: null, since: null, session: null };
  const taken = { takenBy: aPersonId(9), since: '2026-01-05T05:00:00.000Z', session: aSessionId(9) };
  return {
    counted: true,
    items: new Map<string, BookItem>([
      ...(fields.inside ?? []).map((epc) => [epc, { ...item, standing: 'inside' }] as const),
      ...(fields.out ?? []).map((epc) => [epc, { ...item, ...taken, standing: 'out' }] as const),
      ...(fields.missing ?? []).map((epc) => [epc, { ...item, standing: 'missing' }] as const),
    ]),
  };
}

/** A complete snapshot of five rounds; every list holds EPCs. */
export function aSnapshot(
  fields: Partial<Record<'present' | 'doubtful' | 'absent' | 'unheard', readonly string[]>> & {
    readonly complete?: boolean;
  },
): InventorySnapshot {
  const find = (epcs: readonly string[] = [], confidencePct = 100) =>
    new Map(epcs.map((epc) => [epc, { epc, confidencePct, evidence: anEvidence }]));
  return {
    present: find(fields.present),
    doubtful: find(fields.doubtful, 60),
    absent: find(fields.absent, 99),
    unheard: new Set(fields.unheard),
    strays: 0,
    rounds: 5,
    reads: 25,
    elapsedMs: 1250,
    complete: fields.complete ?? true,
  };
}

const anEvidence = { reads: 5, rounds: 5, antennas: [1], bestRssiDbm: -55 };

/** The settings of a session and its inventory, as they are when nobody sets any. */
export const sessionSettings = defaultsOf();

function defaultsOf(): Pick<EdgeConfig, 'session' | 'presence'> {
  const devices = '{ uhf: { path: a }, badge: { path: b }, lock: { path: c } }';
  const { session, presence } = parseEdgeConfig(`{ credentials: c, data: d, devices: ${devices} }`);
  return { session, presence };
}
