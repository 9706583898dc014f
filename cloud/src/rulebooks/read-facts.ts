import type { Transaction } from '../store/prisma.js';
import type {
  BadgeFacts,
  CabinetFacts,
  GrantFacts,
  ItemFacts,
  NoticeFacts,
  OrderFacts,
  PersonFacts,
  RulebookFacts,
} from './rulebook-facts.js';

/** Reads what a customer's rulebooks are made of; undefined when there is no such customer. */
export async function readRulebookFacts(tx: Transaction, tenant: string): Promise<RulebookFacts | undefined> {
  const own = await tx.tenant.findUnique({ where: { id: tenant } });
  if (own === null) return undefined;
  const people = await tx.person.findMany({
    // Somebody who left is known, and refused by name, until the name goes.
    where: { tenantId: tenant, OR: [{ leftAt: null }, { name: { not: null } }] },
    include: { pin: true, licences: { orderBy: { name: 'asc' } } },
  });
  const badges = await tx.badge.findMany({ where: { tenantId: tenant } });
  return {
    tenant,
    badgeKey: own.badgeKey,
    calibrationWarnDays: own.calibrationWarnDays,
    people: people.map((person) => ({
      id: person.id,
      displayName: person.displayName,
      language: person.language as PersonFacts['language'],
      status: person.status === 'active' ? 'active' : 'suspended',
      validUntil: isoOf(person.validUntil),
      groups: person.groups,
      licences: person.licences.map(({ name, validUntil }) => ({ name, validUntil: isoOf(validUntil) })),
      pin: person.pin,
      seesHolders: person.seesHolders,
    })),
    badges: badges.map((badge) => ({
      personId: badge.personId,
      hash: badge.numberHash,
      status: badge.status as BadgeFacts['status'],
      validUntil: isoOf(badge.validUntil),
      issuedAt: badge.issuedAt.toISOString(),
    })),
    items: await readItems(tx, tenant),
    grants: await readGrants(tx, tenant),
    kits: await tx.$queryRaw<{ kit: string; children: string[] }[]>`
      select kit_id::text as kit, array_agg(child_id::text order by child_id) as children
      from kit_child where tenant_id = ${tenant}::uuid group by kit_id order by kit_id`,
    orders: await tx.$queryRaw<OrderFacts[]>`
      select id::text, number, title, person_ids::text[] as "personIds", cabinet_ids::text[] as "cabinetIds"
      from work_order where tenant_id = ${tenant}::uuid and state = 'open' order by number`,
    notice: await readNotice(tx, tenant),
  };
}

/** The cabinets that get a rulebook, in the order of their ids. */
export async function readRulebookCabinets(
  tx: Transaction,
  tenant: string,
): Promise<readonly (CabinetFacts & { readonly siteId: string })[]> {
  const rows = await tx.cabinet.findMany({
    where: { tenantId: tenant, revokedAt: null },
    include: { site: true },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ id, siteId, site, twoPersonToOpen }) => ({
    ...{ id, siteId, timeZone: site.timeZone, twoPersonToOpen },
  }));
}

interface ItemRow extends Omit<ItemFacts, 'calibrationDueAt' | 'inspectedAt' | 'out'> {
  readonly calibrationDueAt: Date | null;
  readonly inspectedAt: Date | null;
  readonly isOut: boolean | null;
  readonly holderId: string | null;
  readonly since: Date | null;
}

async function readItems(tx: Transaction, tenant: string): Promise<ItemFacts[]> {
  const rows = await tx.$queryRaw<ItemRow[]>`
    select a.id::text, b.epc, a.name, a.model, a.home_cabinet_id::text as "homeCabinetId", a.status,
      a.calibration_due_at as "calibrationDueAt", a.groups, a.place,
      array(select distinct unnest(a.licences || r.licences) order by 1) as licences,
      a.two_person or r.two_person as "twoPerson",
      a.inspected_at as "inspectedAt", c.state = 'out' as "isOut", c.holder_id::text as "holderId", c.since
    from asset a
    join tag_binding b on b.tenant_id = a.tenant_id and b.asset_id = a.id and b.unbound_at is null
    left join custody c on c.tenant_id = a.tenant_id and c.asset_id = a.id
    cross join lateral (
      select coalesce(bool_or(i.two_person), false) as two_person,
        array(select unnest(j.licences) from item_rule j where j.tenant_id = a.tenant_id
          and (j.model = a.model or j.group_name = any(a.groups))) as licences
      from item_rule i where i.tenant_id = a.tenant_id and (i.model = a.model or i.group_name = any(a.groups))
    ) as r
    where a.tenant_id = ${tenant}::uuid`;
  return rows.map(({ isOut, holderId, since, ...row }) => ({
    ...row,
    calibrationDueAt: isoOf(row.calibrationDueAt),
    inspectedAt: isoOf(row.inspectedAt),
    out: isOut === true && since !== null ? { holderId, since: since.toISOString() } : null,
  }));
}

async function readGrants(tx: Transaction, tenant: string): Promise<GrantFacts[]> {
  const rows = await tx.$queryRaw<(Omit<GrantFacts, 'validUntil'> & { validUntil: Date | null })[]>`
    select effect, person_id::text as "personId", group_name as "group", asset_ids::text[] as "assetIds", model,
      windows, valid_until as "validUntil", note
    from take_grant where tenant_id = ${tenant}::uuid order by id`;
  return rows.map((row) => ({ ...row, validUntil: isoOf(row.validUntil) }));
}

async function readNotice(tx: Transaction, tenant: string): Promise<NoticeFacts | null> {
  const row = await tx.privacyNotice.findFirst({ where: { tenantId: tenant }, orderBy: { version: 'desc' } });
  if (row === null) return null;
  return {
    version: row.version,
    text: { en: row.textEn, fr: row.textFr },
    changes: { en: row.changesEn, fr: row.changesFr },
    contact: row.contact,
  };
}

function isoOf(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
