import { assetPage, assetView } from '@tagtrail/shared/api/asset.js';
import { cabinetPage, cabinetView, sitePage } from '@tagtrail/shared/api/cabinet.js';
import { entryPage } from '@tagtrail/shared/api/entry.js';
import {
  type ApproveOffBoarding,
  type AskOffBoarding,
  offBoardingAnswer,
  offBoardingView,
} from '@tagtrail/shared/api/off-boarding.js';
import { overview } from '@tagtrail/shared/api/overview.js';
import { personPage, personView } from '@tagtrail/shared/api/person.js';
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
import type { ApiClient, Query } from './api-client.js';
import { createRulesApi, path } from './api-rules.js';

export type TimelineOwner = 'assets' | 'people' | 'cabinets';
export type RuleDraft = SetRetentionRule;

/** Every route that the dashboard calls, by name. The paths stand here and nowhere else. */
export function createApi(client: ApiClient) {
  return {
    ...createRulesApi(client),
    me: () => client.get('/v1/me', me),
    signIn: (email: string, password: string) =>
      client.send('POST', '/v1/sign-in', { body: { email, password }, schema: me }),
    signOut: () => client.send('POST', '/v1/sign-out', { schema: null }),
    signIns: () => client.get('/v1/sign-ins', signIns),
    endSignIn: (id: string) => client.send('DELETE', path('sign-ins', id), { schema: null }),

    overview: () => client.get('/v1/overview', overview),
    sites: () => client.get('/v1/sites', sitePage, { limit: 100 }),
    cabinets: () => client.get('/v1/cabinets', cabinetPage, { limit: 100 }),
    cabinet: (id: string) => client.get(path('cabinets', id), cabinetView),
    revokeCabinet: (id: string, reason: string) =>
      client.send('POST', `${path('cabinets', id)}/revocation`, { body: { reason }, schema: cabinetView }),
    assets: (query: Query) => client.get('/v1/assets', assetPage, query),
    asset: (id: string) => client.get(path('assets', id), assetView),
    people: (query: Query) => client.get('/v1/people', personPage, query),
    person: (id: string) => client.get(path('people', id), personView),
    session: (id: string) => client.get(path('sessions', id), sessionView),
    timeline: (owner: TimelineOwner, id: string, query: Query) =>
      client.get(`${path(owner, id)}/timeline`, entryPage, query),
    quarantine: (query: Query) => client.get('/v1/quarantine', quarantinePage, query),
    adoptQuarantined: (id: string, adoption: AdoptQuarantined) =>
      client.send('POST', `${path('quarantine', id)}/adoption`, { body: adoption, schema: quarantineView }),
    rejectQuarantined: (id: string, reason: string) =>
      client.send('POST', `${path('quarantine', id)}/rejection`, { body: { reason }, schema: quarantineView }),

    retentionRules: () => client.get('/v1/retention/rules', retentionRules),
    retentionDue: () => client.get('/v1/retention/rehearsal', rehearsals),
    rehearse: (category: string, { site, keep_days, action }: RuleDraft) =>
      client.send('POST', '/v1/retention/rehearsals', {
        body: { category, site, keep_days, action },
        schema: rehearsal,
      }),
    setRetentionRule: (category: string, draft: RuleDraft) =>
      client.send('PUT', path('retention/rules', category), { body: draft, schema: ruleAnswer }),
    dropSiteRule: (category: string, site: string) =>
      client.send('DELETE', `${path('retention/rules', category)}?site=${encodeURIComponent(site)}`, { schema: null }),
    retentionChanges: (query: Query) => client.get('/v1/retention/changes', retentionChangePage, query),
    decideChange: (id: string, verdict: 'approve' | 'reject') =>
      client.send('POST', `${path('retention/changes', id)}/${verdict}`, { schema: retentionChange }),
    runRetention: () => client.send('POST', '/v1/retention/runs', { schema: runAnswer }),
    retentionRuns: (query: Query) => client.get('/v1/retention/runs', retentionRunPage, query),
    retentionReceipt: (run: string) => client.get(`${path('retention/runs', run)}/receipt`, retentionReceipt),
    holds: (query: Query) => client.get('/v1/holds', legalHoldPage, query),
    placeHold: (hold: PlaceHold) => client.send('POST', '/v1/holds', { body: hold, schema: legalHold }),
    releaseHold: (id: string, reason: string) =>
      client.send('POST', `${path('holds', id)}/release`, { body: { reason }, schema: legalHold }),

    offBoarding: () => client.get('/v1/off-boarding', offBoardingAnswer),
    askOffBoarding: (body: AskOffBoarding) =>
      client.send('POST', '/v1/off-boarding', { body, schema: offBoardingView }),
    approveOffBoarding: (body: ApproveOffBoarding) =>
      client.send('POST', '/v1/off-boarding/approval', { body, schema: offBoardingView }),
    stopOffBoarding: () => client.send('POST', '/v1/off-boarding/rejection', { schema: offBoardingView }),
  };
}
export type Api = ReturnType<typeof createApi>;
