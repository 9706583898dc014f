import { attentionItem, attentionPage } from '@tagtrail/shared/api/attention.js';
import { enrolmentCode } from '@tagtrail/shared/api/enrolment.js';
import type { z } from 'zod';
import type { World } from './fixture-world.js';

/** What needs somebody at a made-up customer, for looking at the screens. */

const minuteMs = 60_000;

function madeUpAttention({ assets, cabinets, entries, startedMs }: World, state: string | null) {
  const at = (minutes: number): string => new Date(startedMs - minutes * minuteMs).toISOString();
  const ref = (thing: { id: string; name: string } | undefined) => ({ id: thing?.id ?? '', name: thing?.name ?? '' });
  const item = (id: string, over: object) => ({
    ...{ id, mark: '1', since: at(4), times: 1, site: cabinets[0]?.site ?? null, cabinet: ref(cabinets[0]) },
    ...{ asset: null, entry: null, reason: null, acknowledged: null },
    ...over,
  });
  if (state === 'acknowledged') {
    const acknowledged = { by: { id: 'user_1', name: 'Maria Jensen' }, at: at(30), note: 'Tool store is searching C1' };
    return [item('disputed:1', { kind: 'disputed', asset: ref(assets[4]), since: at(90), acknowledged })];
  }
  const line = entries.find(({ asset }) => asset !== null) ?? null;
  return [
    item('missing:1', { kind: 'missing', asset: ref(assets[2]), entry: line }),
    item('device_failed:1', { kind: 'device_failed', reason: 'uhf silent', since: at(17) }),
    item('quarantined:1', { kind: 'quarantined', reason: 'bad_signature', times: 3, since: at(70) }),
  ];
}

/** What a route of this answers, and the schema that it must pass; null for another route. */
export function attentionAnswer(world: World, url: URL): readonly [z.ZodType, unknown] | null {
  const [, , folder, id, part] = url.pathname.split('/');
  if (folder === 'attention') {
    const items = madeUpAttention(world, url.searchParams.get('state'));
    if (id !== undefined) return [attentionItem, items[0]];
    return [attentionPage, { data: items, has_more: false, next_cursor: null }];
  }
  if (folder !== 'cabinets' || part !== 'enrolment-codes') return null;
  const expires = new Date(world.startedMs + 15 * minuteMs).toISOString();
  return [enrolmentCode, { code: '7M3KQ8ZT-4XN2VHWB6RPC9SDEJF0GYA5K1T', cabinet_id: id, expires_at: expires }];
}
