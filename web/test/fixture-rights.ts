import type { Reference } from '@tagtrail/shared/api/common.js';
import { type GrantView, grantPage, grantView } from '@tagtrail/shared/api/grant.js';
import { groups } from '@tagtrail/shared/api/group.js';
import { assetRules, itemRules, itemRuleView } from '@tagtrail/shared/api/item-rule.js';
import { kitPage, kitView } from '@tagtrail/shared/api/kit.js';
import { noticePage, noticeView } from '@tagtrail/shared/api/notice.js';
import { orderPage, orderView } from '@tagtrail/shared/api/order.js';
import { type PersonRights, personRights } from '@tagtrail/shared/api/person-rights.js';
import { type ChangeReach, changeReach } from '@tagtrail/shared/api/rulebook.js';
import type { z } from 'zod';
import type { World } from './fixture-world.js';

/** What a made-up customer says of its people's rights and its rules, for looking at the screens. */

const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const page = (data: unknown[]) => ({ data, has_more: false, next_cursor: null });
const ref = (thing: { id: string; name: string | null } | undefined): Reference => ({
  id: thing?.id ?? '',
  name: thing?.name ?? null,
});

function madeUpRights(now: number): PersonRights {
  return {
    licences: [
      { name: 'Borescope inspection', valid_until: iso(now + 12 * dayMs) },
      { name: 'Engine run-up', valid_until: null },
      { name: 'Torque tools', valid_until: iso(now - 20 * dayMs) },
    ],
    pin_set_at: iso(now - 40 * dayMs),
  };
}

function madeUpGrants({ people, assets }: World, now: number): GrantView[] {
  const grant = (id: string, over: Partial<GrantView>): GrantView => ({
    ...{ id, effect: 'allow', person: ref(people[0]), group: null, assets: null, assets_elsewhere: 0, model: null },
    ...{ windows: null, valid_until: null, note: null, created_at: iso(now - 9 * dayMs) },
    ...over,
  });
  return [
    grant('grant_1', {
      assets: assets.slice(0, 5).map(ref),
      assets_elsewhere: 2,
      windows: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }],
    }),
    grant('grant_2', {
      ...{ effect: 'deny', person: null, group: 'avionics', model: 'Norbar Pro 100' },
      ...{ valid_until: iso(now + 30 * dayMs), note: 'Recalled by the maker, notice 26-114' },
    }),
  ];
}

/** An ended badge that the last cabinet has not heard of. */
function madeUpReach({ cabinets }: World, now: number): ChangeReach {
  const data = cabinets.map((cabinet, at) => {
    const reached = at < cabinets.length - 1;
    const reachedAt = reached ? iso(now - 90_000) : null;
    const link = reached ? ('online' as const) : ('offline' as const);
    return { cabinet: ref(cabinet), site: cabinet.site, link, reached, reached_at: reachedAt };
  });
  const waiting = data.filter(({ reached }) => !reached);
  const figures = { cabinets: data.length, reached: data.length - waiting.length };
  return {
    as_of: iso(now),
    changed_at: iso(now - 120_000),
    ...figures,
    data: [...waiting, ...data.filter(({ reached }) => reached)],
  };
}

const madeUpRules = (now: number) => [
  {
    ...{ id: 'rule_1', model: 'Norbar Pro 100', group: null, two_person: false, licences: ['Torque tools'] },
    ...{ note: 'Part 145, procedure 7.2', assets: 14, created_at: iso(now - 90 * dayMs) },
  },
  {
    ...{ id: 'rule_2', model: null, group: 'avionics', two_person: true, licences: [] },
    ...{ note: null, assets: 10, created_at: iso(now - 30 * dayMs) },
  },
];

function madeUpKits({ assets, people, cabinets }: World, now: number) {
  const child = (n: number, over: object = {}) => ({
    ...{ asset: ref(assets[n]), state: 'available', cabinet: ref(cabinets[0]), holder: null, with_kit: true },
    ...over,
  });
  const kit = (n: number, name: string, over: object) => ({
    ...{ id: assets[n]?.id ?? '', name, site: assets[n]?.site ?? null, state: 'available' },
    ...{ cabinet: ref(cabinets[0]), holder: null, complete: true, fresh: true, as_of: iso(now - 4000) },
    ...over,
  });
  return [
    kit(8, 'Borescope case 1', { children: [child(1), child(9), child(17)] }),
    kit(16, 'Rigging toolbox', {
      complete: false,
      children: [
        child(2),
        child(10, { state: 'out', holder: ref(people[2]), cabinet: null, with_kit: false }),
        child(18, { state: 'missing', with_kit: false }),
      ],
    }),
    kit(24, 'Cabin kit', { complete: null, fresh: false, children: [child(3, { with_kit: null }), child(11)] }),
  ];
}

const madeUpNotices = (now: number) => [
  {
    version: 2,
    text: {
      en: 'We record which tools you take and return, when and at which cabinet.\n\nWe keep it as long as the rules of the airworthiness of aircraft ask.',
      fr: 'Nous enregistrons les outils que vous prenez et rendez, quand et à quelle armoire.\n\nNous le gardons aussi longtemps que les règles de navigabilité le demandent.',
    },
    changes: {
      en: ['Visits are kept for 90 days, before for a year.'],
      fr: ['Les passages sont gardés 90 jours, auparavant un an.'],
    },
    contact: 'privacy@skyline.example',
    published_at: iso(now - 12 * dayMs),
    acknowledged: 31,
  },
  {
    ...{ version: 1, text: { en: 'The first notice.', fr: 'La première notice.' }, changes: { en: [], fr: [] } },
    ...{ contact: null, published_at: iso(now - 400 * dayMs), acknowledged: 38 },
  },
];

function madeUpOrders({ people, cabinets }: World, now: number, state: string | null) {
  const order = (id: string, over: object) => ({
    ...{ id, number: '4711', title: 'A320 MSN 1042, engine 2 change', state: 'open', people: null, cabinets: null },
    ...{ created_at: iso(now - 3 * dayMs), closed_at: null },
    ...over,
  });
  if (state === 'closed') {
    return [order('order_9', { number: '4698', state: 'closed', closed_at: iso(now - dayMs) })];
  }
  return [
    order('order_1', { people: people.slice(0, 5).map(ref), cabinets: cabinets.slice(0, 2).map(ref) }),
    order('order_2', { number: '4712', title: null }),
  ];
}

/** What a route of rights or rules answers, and the schema that it must pass; null for another route. */
export function rightsAnswer(world: World, url: URL, isChange: boolean): readonly [z.ZodType, unknown] | null {
  const [, , folder, id, part] = url.pathname.split('/');
  const now = world.startedMs;
  const grants = madeUpGrants(world, now);
  switch (`${folder}${part === undefined ? '' : `/${part}`}`) {
    case 'people/rights':
    case 'people/licences':
    case 'people/pin':
      return [personRights, madeUpRights(now)];
    case 'grants': {
      const person = url.searchParams.get('person_id');
      if (isChange) return [grantView, grants[0]];
      return [grantPage, page(person === null ? grants : grants.slice(0, 1))];
    }
    case 'badges/reach':
      return [changeReach, madeUpReach(world, now)];
    case 'groups':
      return [groups, { data: ['avionics', 'mechanic'].map((name) => ({ name, people: 4, assets: 10, rules: 1 })) }];
    case 'item-rules':
      return isChange ? [itemRuleView, madeUpRules(now)[0]] : [itemRules, { data: madeUpRules(now) }];
    case 'assets/rules':
      return [
        assetRules,
        {
          licences: [
            { licence: 'Torque tools', from: 'model', name: 'Norbar Pro 100' },
            { licence: 'Borescope inspection', from: 'item', name: null },
          ],
          two_person: [{ from: 'group', name: 'avionics' }],
          groups: ['avionics'],
          grants,
        },
      ];
    case 'kits':
      return isChange ? [kitView, madeUpKits(world, now)[0]] : [kitPage, page(madeUpKits(world, now))];
    case 'notices':
      return isChange ? [noticeView, madeUpNotices(now)[0]] : [noticePage, page(madeUpNotices(now))];
    case 'orders':
    case 'orders/close': {
      const orders = madeUpOrders(world, now, url.searchParams.get('state'));
      return id !== undefined || isChange ? [orderView, orders[0]] : [orderPage, page(orders)];
    }
    default:
      return null;
  }
}
