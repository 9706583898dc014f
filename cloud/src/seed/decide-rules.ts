import { newGrant } from '@tagtrail/shared/api/grant.js';
import { newOrder } from '@tagtrail/shared/api/order.js';
import { AppError } from '@tagtrail/shared/error.js';
import { type IdPrefix, idFromUuid } from '@tagtrail/shared/ids.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { SampleRules } from '@tagtrail/shared/sample/sample-customer.js';
import type { Asking } from '../api/context.js';
import { changeAsset } from '../assets/change-asset.js';
import { setKit } from '../kits/set-kit.js';
import { publishNotice } from '../notices/notices.js';
import { createOrder } from '../orders/work-orders.js';
import { setPersonLicences, setPersonPin } from '../people/person-rights.js';
import { addGrant } from '../rules/change-grants.js';
import { addItemRule } from '../rules/item-rules.js';
import type { Tx } from '../store/sql.js';
import { type CustomerPlan, found } from './plan-customer.js';

const dayMs = 86_400_000;

/**
 * What the office of a sample customer decides, in the name of its first administrator and by the same
 * functions as over REST: each decision is checked, and a line of the trail.
 * @throws AppError `seed.key_unknown`, `seed.nobody_decides`.
 */
export async function decideRules(
  tx: Tx,
  plan: CustomerPlan,
  { rules, atMs, random }: { readonly rules: SampleRules; readonly atMs: number; readonly random: Random },
): Promise<void> {
  const admin = plan.users.find(({ role, all_sites }) => role === 'admin' && all_sites);
  if (admin === undefined) {
    throw new AppError('seed.nobody_decides', 'The sample file has rules and no administrator of all sites.', {
      kind: 'operator',
    });
  }
  const asking: Asking = {
    tx,
    scope: { tenantId: plan.tenant.id, userId: admin.id, role: 'admin', siteIds: null },
    atMs,
  };
  const uuid = (of: Named, key: string): string => {
    const all: readonly { readonly id: string; readonly key: string }[] = plan[of];
    return found(all, key, nouns[of]).id;
  };
  const id = (of: Named, key: string): string => idFromUuid(nouns[of], uuid(of, key));
  const ids = (of: Named, keys: readonly string[] | null): string[] | null => keys?.map((key) => id(of, key)) ?? null;

  for (const { person, ...own } of rules.pins) {
    await setPersonPin(asking, random, { personId: uuid('people', person), ...own });
  }
  for (const person of new Set(rules.licences.map((licence) => licence.person))) {
    const licences = rules.licences.filter((licence) => licence.person === person);
    await setPersonLicences(asking, uuid('people', person), {
      licences: licences.map(({ name, endsInDays }) => ({
        name,
        valid_until: endsInDays === null ? null : new Date(atMs + endsInDays * dayMs).toISOString(),
      })),
    });
  }
  for (const rule of rules.itemRules) await addItemRule(asking, random, rule);
  for (const { person, assets, ...grant } of rules.grants) {
    const whom = { person_id: person === null ? null : id('people', person), asset_ids: ids('assets', assets) };
    await addGrant(asking, random, newGrant.parse({ ...grant, ...whom }));
  }
  for (const { kit, children } of rules.kits) await setKit(asking, uuid('assets', kit), ids('assets', children) ?? []);
  for (const { number, title, people, cabinets } of rules.orders) {
    const where = { people_ids: ids('people', people), cabinet_ids: ids('cabinets', cabinets) };
    await createOrder(asking, random, newOrder.parse({ number, title, ...where }));
  }
  for (const { asset, place } of rules.places) await changeAsset(asking, uuid('assets', asset), { place });
  await publishNotice(asking, rules.notice);
}

type Named = 'people' | 'assets' | 'cabinets';
const nouns = { people: 'person', assets: 'asset', cabinets: 'cabinet' } as const satisfies Record<Named, IdPrefix>;
