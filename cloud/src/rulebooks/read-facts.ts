import type { Transaction } from '../store/prisma.js';
import type { BadgeFacts, ItemFacts, PersonFacts, RulebookFacts } from './build-rulebook.js';

/** Reads what a customer's rulebooks are made of; undefined when there is no such customer. */
export async function readRulebookFacts(tx: Transaction, tenant: string): Promise<RulebookFacts | undefined> {
  const own = await tx.tenant.findUnique({ where: { id: tenant } });
  if (own === null) return undefined;
  const people = await tx.person.findMany({ where: { tenantId: tenant } });
  const badges = await tx.badge.findMany({ where: { tenantId: tenant } });
  const items = await tx.$queryRaw<ItemRow[]>`
    select a.id::text, b.epc, a.name, a.model, a.home_cabinet_id::text, a.status, a.calibration_due_at, a.groups,
      c.state = 'out' as is_out, c.holder_id::text, c.since, i.inspected_at
    from asset a
    join tag_binding b on b.tenant_id = a.tenant_id and b.asset_id = a.id and b.unbound_at is null
    left join custody c on c.tenant_id = a.tenant_id and c.asset_id = a.id
    left join lateral (
      select max(e.recorded_at) as inspected_at from entry e
      where e.tenant_id = a.tenant_id and e.asset_id = a.id and e.kind = 'asset.updated' and e.status = 'accepted'
        and e.data->'change'->'status'->>'to' = 'available'
    ) i on true
    where a.tenant_id = ${tenant}::uuid`;
  return {
    tenant,
    badgeKey: own.badgeKey,
    people: people.map((person) => ({
      id: person.id,
      displayName: person.displayName,
      language: person.language as PersonFacts['language'],
      status: person.status as PersonFacts['status'],
      validUntil: person.validUntil?.toISOString() ?? null,
      groups: person.groups,
    })),
    badges: badges.map((badge) => ({
      personId: badge.personId,
      hash: badge.numberHash,
      status: badge.status as BadgeFacts['status'],
      validUntil: badge.validUntil?.toISOString() ?? null,
      issuedAt: badge.issuedAt.toISOString(),
    })),
    items: items.map(itemFacts),
  };
}

interface ItemRow {
  readonly id: string;
  readonly epc: string;
  readonly name: string;
  readonly model: string | null;
  readonly home_cabinet_id: string | null;
  readonly status: ItemFacts['status'];
  readonly calibration_due_at: Date | null;
  readonly groups: readonly string[];
  readonly is_out: boolean | null;
  readonly holder_id: string | null;
  readonly since: Date | null;
  readonly inspected_at: Date | null;
}

function itemFacts(row: ItemRow): ItemFacts {
  return {
    id: row.id,
    epc: row.epc,
    name: row.name,
    model: row.model,
    homeCabinetId: row.home_cabinet_id,
    status: row.status,
    calibrationDueAt: row.calibration_due_at?.toISOString() ?? null,
    groups: row.groups,
    inspectedAt: row.inspected_at?.toISOString() ?? null,
    out: row.is_out === true && row.since !== null ? { holderId: row.holder_id, since: row.since.toISOString() } : null,
  };
}
