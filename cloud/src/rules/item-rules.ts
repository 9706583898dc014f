import type { ItemRuleView, itemRuleChange, newItemRule } from '@tagtrail/shared/api/item-rule.js';
import { idFromUuid, newUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { assetJoins, assetsInScope } from '../assets/asset-row.js';
import { requireAllSites } from '../auth/scope.js';
import { recordChange } from '../entries/record-change.js';
import { type Sql, sql } from '../store/sql.js';

interface ItemRuleRow {
  readonly id: string;
  readonly model: string | null;
  readonly group_name: string | null;
  readonly two_person: boolean;
  readonly licences: string[];
  readonly note: string | null;
  readonly assets: number;
  readonly created_at: Date;
}

/** What models and groups of items take, by name. */
export async function listItemRules(asking: Asking): Promise<{ data: ItemRuleView[] }> {
  return { data: (await readRows(asking, sql`true`)).map(itemRuleView) };
}

/** @throws ApiProblem `not-allowed` for users who see single sites only, `conflict` where the model or the group has one. */
export async function addItemRule(
  asking: Asking,
  random: Random,
  rule: z.output<typeof newItemRule>,
): Promise<ItemRuleView> {
  const { tx, scope, atMs } = asking;
  requireAllSites(scope);
  const id = newUuid(atMs, random);
  const made = await tx.$executeRaw(sql`
    insert into item_rule (tenant_id, id, model, group_name, two_person, licences, note, created_at)
    values (${scope.tenantId}::uuid, ${id}::uuid, ${rule.model}, ${rule.group}, ${rule.two_person},
      ${[...new Set(rule.licences)]}::text[], ${rule.note}, ${new Date(atMs)})
    on conflict do nothing`);
  if (made === 0) {
    const field = rule.model === null ? 'group' : 'model';
    throw new ApiProblem('conflict', `There is a rule for this ${field}; change that one.`, {
      errors: [{ field, problem: 'has a rule' }],
    });
  }
  const row = await readRow(asking, id);
  await recordChange(asking, { kind: 'item_rule.added', data: recorded(row) });
  return itemRuleView(row);
}

/** @throws ApiProblem `not-found`, `not-allowed`, `invalid-request` when nothing would be left of it. */
export async function changeItemRule(
  asking: Asking,
  id: string,
  change: z.output<typeof itemRuleChange>,
): Promise<ItemRuleView> {
  const { tx, scope } = asking;
  requireAllSites(scope);
  await tx.$queryRaw(
    sql`select 1 from item_rule where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid for update`,
  );
  const before = await readRow(asking, id);
  const twoPerson = change.two_person ?? before.two_person;
  const licences = [...new Set(change.licences ?? before.licences)];
  if (!twoPerson && licences.length === 0) {
    throw new ApiProblem('invalid-request', 'Nothing would be left of this rule; end it instead.', {
      errors: [{ field: 'licences', problem: 'a rule that asks for nothing' }],
    });
  }
  const note = change.note === undefined ? before.note : change.note;
  await tx.$executeRaw(sql`
    update item_rule set two_person = ${twoPerson}, licences = ${licences}::text[], note = ${note}
    where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  const row = await readRow(asking, id);
  await recordChange(asking, { kind: 'item_rule.changed', data: { ...recorded(row), fields: Object.keys(change) } });
  return itemRuleView(row);
}

/** @throws ApiProblem `not-found`, `not-allowed`. */
export async function endItemRule(asking: Asking, id: string): Promise<ItemRuleView> {
  const { tx, scope } = asking;
  requireAllSites(scope);
  const row = await readRow(asking, id);
  await tx.$executeRaw(sql`delete from item_rule where tenant_id = ${scope.tenantId}::uuid and id = ${id}::uuid`);
  await recordChange(asking, { kind: 'item_rule.ended', data: recorded(row) });
  return itemRuleView(row);
}

async function readRow(asking: Asking, id: string): Promise<ItemRuleRow> {
  const [row] = await readRows(asking, sql`r.id = ${id}::uuid`);
  if (row === undefined) throw notFound('rule');
  return row;
}

async function readRows({ tx, scope }: Asking, where: Sql): Promise<ItemRuleRow[]> {
  return await tx.$queryRaw<ItemRuleRow[]>(sql`
    select r.id::text, r.model, r.group_name, r.two_person, r.licences, r.note, r.created_at,
      (select count(*)::int from asset a ${assetJoins}
        where ${assetsInScope(scope)} and a.status <> 'retired' and (a.model = r.model or r.group_name = any(a.groups))) as assets
    from item_rule r where r.tenant_id = ${scope.tenantId}::uuid and ${where}
    order by r.model nulls last, r.group_name`);
}

function recorded(row: ItemRuleRow) {
  const { model, group_name: group, two_person: inPairs, licences, note } = row;
  return { rule: idFromUuid('rule', row.id), model, group, inPairs, licences, note };
}

function itemRuleView(row: ItemRuleRow): ItemRuleView {
  const { model, two_person, licences, note, assets } = row;
  return {
    ...{ id: idFromUuid('rule', row.id), model, group: row.group_name, two_person, licences, note, assets },
    created_at: row.created_at.toISOString(),
  };
}
