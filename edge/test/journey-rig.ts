import { idFromUuid } from '@tagtrail/shared/ids.js';
import type { Rulebook } from '@tagtrail/shared/rules/rulebook.js';
import { aBadgeNumber, anItem } from '../src/testing/builders.js';
import { type Rigged, startAgent } from './agent-rig.js';

export const [ana, ben] = [aBadgeNumber(1), aBadgeNumber(2)];
export const order = {
  order: idFromUuid('order', '019a0000-0006-7000-8000-000000000001'),
  number: '4711',
  title: 'Engine 2',
};
export const past = '2025-05-03T00:00:00.000Z';
export const items = (changes: Readonly<Record<number, Partial<Rulebook['items'][number]>>>) =>
  [1, 2, 3, 4, 5].map((number) => anItem(number, changes[number]));

export async function ready(rig: Parameters<typeof startAgent>[0] = {}): Promise<Rigged> {
  const started = await startAgent(rig);
  await started.ready();
  return started;
}

export function dataOf(rig: Rigged, kind: string) {
  return rig.journal.events.filter((event) => event.kind === kind).map((event) => event.data as object);
}

/** Badge, without opening. */
export async function signIn(rig: Rigged, badge = ana): Promise<void> {
  rig.cabinet.badge(badge);
  await rig.clock.advance(500);
}
