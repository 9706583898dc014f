import { assetView } from '@tagtrail/shared/api/asset.js';
import { type acknowledgeAttention, attentionItem, attentionPage } from '@tagtrail/shared/api/attention.js';
import { cabinetView } from '@tagtrail/shared/api/cabinet.js';
import { enrolmentCode } from '@tagtrail/shared/api/enrolment.js';
import { grantPage, grantView, type newGrant } from '@tagtrail/shared/api/grant.js';
import { groups } from '@tagtrail/shared/api/group.js';
import { assetRules, itemRules, itemRuleView, type newItemRule } from '@tagtrail/shared/api/item-rule.js';
import { kitPage, kitView } from '@tagtrail/shared/api/kit.js';
import { lossView } from '@tagtrail/shared/api/loss.js';
import { type newNotice, noticePage, noticeView } from '@tagtrail/shared/api/notice.js';
import { type newOrder, type orderChange, orderPage, orderView } from '@tagtrail/shared/api/order.js';
import { type personChange, personDeparture, personView } from '@tagtrail/shared/api/person.js';
import { personRights, type setLicences, type setPin } from '@tagtrail/shared/api/person-rights.js';
import { changeReach } from '@tagtrail/shared/api/rulebook.js';
import type { z } from 'zod';
import type { ApiClient, Query } from './api-client.js';

export type OrderDraft = z.input<typeof newOrder>;
export type GrantDraft = z.input<typeof newGrant>;
export type ItemRuleDraft = z.input<typeof newItemRule>;
export type NoticeDraft = z.input<typeof newNotice>;

export function path(folder: string, id: string): string {
  return `/v1/${folder}/${encodeURIComponent(id)}`;
}

/** The routes for who may do what and who looks after what: rights, grants, rules of items, kits, orders, notices. */
export function createRulesApi(client: ApiClient) {
  return {
    attention: (query: Query) => client.get('/v1/attention', attentionPage, query),
    lookAfter: (word: z.input<typeof acknowledgeAttention>) =>
      client.send('POST', '/v1/attention/acknowledgements', { body: word, schema: attentionItem }),
    askLoss: (assetId: string, note: string) =>
      client.send('POST', `${path('assets', assetId)}/loss`, { body: { note }, schema: lossView }),
    decideLoss: (id: string, verdict: 'confirmation' | 'rejection', note: string | null) =>
      client.send('POST', `${path('losses', id)}/${verdict}`, { body: { note }, schema: lossView }),
    enrolmentCode: (cabinetId: string) =>
      client.send('POST', `${path('cabinets', cabinetId)}/enrolment-codes`, { schema: enrolmentCode }),

    personRights: (id: string) => client.get(`${path('people', id)}/rights`, personRights),
    changePerson: (id: string, change: z.input<typeof personChange>) =>
      client.send('PATCH', path('people', id), { body: change, schema: personView }),
    departPerson: (id: string, reason: string | null) =>
      client.send('POST', `${path('people', id)}/departure`, { body: { reason }, schema: personDeparture }),
    setLicences: (id: string, licences: z.input<typeof setLicences>['licences']) =>
      client.send('PUT', `${path('people', id)}/licences`, { body: { licences }, schema: personRights }),
    setPin: (id: string, pin: z.input<typeof setPin>) =>
      client.send('PUT', `${path('people', id)}/pin`, { body: pin, schema: personRights }),
    removePin: (id: string) => client.send('DELETE', `${path('people', id)}/pin`, { schema: personRights }),
    issueBadge: (id: string, number: string) =>
      client.send('POST', `${path('people', id)}/badges`, { body: { number }, schema: personView }),
    revokeBadge: (id: string, reason: 'lost' | 'revoked') =>
      client.send('POST', `${path('badges', id)}/revoke`, { body: { reason }, schema: personView }),
    badgeReach: (id: string) => client.get(`${path('badges', id)}/reach`, changeReach),
    groups: () => client.get('/v1/groups', groups),

    orders: (query: Query) => client.get('/v1/orders', orderPage, query),
    openOrder: (order: OrderDraft) => client.send('POST', '/v1/orders', { body: order, schema: orderView }),
    changeOrder: (id: string, change: z.input<typeof orderChange>) =>
      client.send('PATCH', path('orders', id), { body: change, schema: orderView }),
    closeOrder: (id: string) => client.send('POST', `${path('orders', id)}/close`, { schema: orderView }),

    grants: (query: Query) => client.get('/v1/grants', grantPage, query),
    addGrant: (grant: GrantDraft) => client.send('POST', '/v1/grants', { body: grant, schema: grantView }),
    endGrant: (id: string) => client.send('DELETE', path('grants', id), { schema: grantView }),

    itemRules: () => client.get('/v1/item-rules', itemRules),
    addItemRule: (rule: ItemRuleDraft) => client.send('POST', '/v1/item-rules', { body: rule, schema: itemRuleView }),
    endItemRule: (id: string) => client.send('DELETE', path('item-rules', id), { schema: itemRuleView }),
    assetRules: (id: string) => client.get(`${path('assets', id)}/rules`, assetRules),
    changeAsset: (id: string, change: Record<string, unknown>) =>
      client.send('PATCH', path('assets', id), { body: change, schema: assetView }),
    changeCabinet: (id: string, change: { two_person_to_open: boolean; reason: string }) =>
      client.send('PATCH', path('cabinets', id), { body: change, schema: cabinetView }),

    kits: (query: Query) => client.get('/v1/kits', kitPage, query),
    setKit: (id: string, children: readonly string[]) =>
      client.send('PUT', path('kits', id), { body: { children_ids: children }, schema: kitView }),
    endKit: (id: string) => client.send('DELETE', path('kits', id), { schema: kitView }),

    notices: (query: Query) => client.get('/v1/notices', noticePage, query),
    publishNotice: (notice: NoticeDraft) => client.send('POST', '/v1/notices', { body: notice, schema: noticeView }),
  };
}
