import { assetPage, assetView } from '@tagtrail/shared/api/asset.js';
import { cabinetPage, cabinetView, sitePage } from '@tagtrail/shared/api/cabinet.js';
import { entryPage } from '@tagtrail/shared/api/entry.js';
import { overview } from '@tagtrail/shared/api/overview.js';
import { personDeparture, personPage, personView } from '@tagtrail/shared/api/person.js';
import { personRights, type setLicences, type setPin } from '@tagtrail/shared/api/person-rights.js';
import { type AdoptQuarantined, quarantinePage, quarantineView } from '@tagtrail/shared/api/quarantine.js';
import {
  legalHold,
  legalHoldPage,
  type PlaceHold,
  rehearsal,
  rehearsals,
  retentionChange,
  retentionChangePage,
  retentionReceipt,
  retentionRules,
  retentionRunPage,
  ruleAnswer,
  runAnswer,
  type SetRetentionRule,
} from '@tagtrail/shared/api/retention.js';
import { sessionView } from '@tagtrail/shared/api/session.js';
import { me, signIns } from '@tagtrail/shared/api/sign-in.js';
import type { z } from 'zod';
import type { ApiClient, Query } from './api-client.js';

export type TimelineOwner = 'assets' | 'people' | 'cabinets';
export type RuleDraft = SetRetentionRule;

/** Every route that the dashboard calls, by name. The paths stand here and nowhere else. */
export function createApi(client: ApiClient) {
  const one = (folder: string, id: string): string => `/v1/${folder}/${encodeURIComponent(id)}`;
  return {
    me: () => client.get('/v1/me', me),
    signIn: (email: string, password: string) =>
      client.send('POST', '/v1/sign-in', { body: { email, password }, schema: me }),
    signOut: () => client.send('POST', '/v1/sign-out', { schema: null }),
    signIns: () => client.get('/v1/sign-ins', signIns),
    endSignIn: (id: string) => client.send('DELETE', one('sign-ins', id), { schema: null }),

    overview: () => client.get('/v1/overview', overview),
    sites: () => client.get('/v1/sites', sitePage, { limit: 100 }),
    cabinets: () => client.get('/v1/cabinets', cabinetPage, { limit: 100 }),
    cabinet: (id: string) => client.get(one('cabinets', id), cabinetView),
    revokeCabinet: (id: string, reason: string) =>
      client.send('POST', `${one('cabinets', id)}/revocation`, { body: { reason }, schema: cabinetView }),
    assets: (query: Query) => client.get('/v1/assets', assetPage, query),
    asset: (id: string) => client.get(one('assets', id), assetView),
    people: (query: Query) => client.get('/v1/people', personPage, query),
    person: (id: string) => client.get(one('people', id), personView),
    personRights: (id: string) => client.get(`${one('people', id)}/rights`, personRights),
    setLicences: (id: string, licences: z.input<typeof setLicences>['licences']) =>
      client.send('PUT', `${one('people', id)}/licences`, { body: { licences }, schema: personRights }),
    departPerson: (id: string, reason: string | null) =>
      client.send('POST', `${one('people', id)}/departure`, { body: { reason }, schema: personDeparture }),
    setPin: (id: string, pin: z.input<typeof setPin>) =>
      client.send('PUT', `${one('people', id)}/pin`, { body: pin, schema: personRights }),
    removePin: (id: string) => client.send('DELETE', `${one('people', id)}/pin`, { schema: personRights }),
    issueBadge: (id: string, number: string) =>
      client.send('POST', `${one('people', id)}/badges`, { body: { number }, schema: personView }),
    revokeBadge: (id: string, reason: 'lost' | 'revoked') =>
      client.send('POST', `${one('badges', id)}/revoke`, { body: { reason }, schema: personView }),
    session: (id: string) => client.get(one('sessions', id), sessionView),
    timeline: (owner: TimelineOwner, id: string, query: Query) =>
      client.get(`${one(owner, id)}/timeline`, entryPage, query),
    quarantine: (query: Query) => client.get('/v1/quarantine', quarantinePage, query),
    adoptQuarantined: (id: string, adoption: AdoptQuarantined) =>
      client.send('POST', `${one('quarantine', id)}/adoption`, { body: adoption, schema: quarantineView }),
    rejectQuarantined: (id: string, reason: string) =>
      client.send('POST', `${one('quarantine', id)}/rejection`, { body: { reason }, schema: quarantineView }),

    retentionRules: () => client.get('/v1/retention/rules', retentionRules),
    retentionDue: () => client.get('/v1/retention/rehearsal', rehearsals),
    rehearse: (category: string, { site, keep_days, action }: RuleDraft) =>
      client.send('POST', '/v1/retention/rehearsals', {
        body: { category, site, keep_days, action },
        schema: rehearsal,
      }),
    setRetentionRule: (category: string, draft: RuleDraft) =>
      client.send('PUT', one('retention/rules', category), { body: draft, schema: ruleAnswer }),
    dropSiteRule: (category: string, site: string) =>
      client.send('DELETE', `${one('retention/rules', category)}?site=${encodeURIComponent(site)}`, { schema: null }),
    retentionChanges: (query: Query) => client.get('/v1/retention/changes', retentionChangePage, query),
    decideChange: (id: string, verdict: 'approve' | 'reject') =>
      client.send('POST', `${one('retention/changes', id)}/${verdict}`, { schema: retentionChange }),
    runRetention: () => client.send('POST', '/v1/retention/runs', { schema: runAnswer }),
    retentionRuns: (query: Query) => client.get('/v1/retention/runs', retentionRunPage, query),
    retentionReceipt: (run: string) => client.get(`${one('retention/runs', run)}/receipt`, retentionReceipt),
    holds: (query: Query) => client.get('/v1/holds', legalHoldPage, query),
    placeHold: (hold: PlaceHold) => client.send('POST', '/v1/holds', { body: hold, schema: legalHold }),
    releaseHold: (id: string, reason: string) =>
      client.send('POST', `${one('holds', id)}/release`, { body: { reason }, schema: legalHold }),
  };
}
export type Api = ReturnType<typeof createApi>;
