import type { AttentionItem } from '@tagtrail/shared/api/attention.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { OrderView } from '@tagtrail/shared/api/order.js';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { RulesStatus } from '@tagtrail/shared/api/rulebook.js';
import type { OrderId } from '@tagtrail/shared/ids.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assetByName, hands, openStage, type Stage, screenOf, tap, trail, until } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage?.close(), 60_000);

const cabinet = () => {
  const found = stage.system.cabinets.find(({ key }) => key === 'b1');
  if (found === undefined) throw new Error('no cabinet b1');
  return found;
};
const badgeOf = (key: string): string => {
  const found = stage.system.customer.people.find((person) => person.key === key);
  if (found === undefined) throw new Error(`no person ${key}`);
  return found.badge;
};
const [pliers, otherPliers, mirror] = ['Safety-wire pliers 1', 'Safety-wire pliers 2', 'Inspection mirror 1'];
const epcOf = (name: string): string => {
  const found = stage.system.customer.assets.find((asset) => asset.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found.epc;
};

async function personByName(name: string): Promise<PersonView> {
  const { data } = (await stage.api('/v1/people')) as { data: PersonView[] };
  const found = data.find((person) => person.name === name);
  if (found === undefined) throw new Error(`no person ${name}`);
  return found;
}

/** The rules that were made stand at the cabinet, by its own word. */
async function rulesArrive(before: number): Promise<void> {
  await until('the newest rules at B1', async () => {
    const { data } = (await stage.api('/v1/rulebooks')) as RulesStatus;
    const own = data.find((row) => row.cabinet.name === cabinet().name);
    return own !== undefined && !own.behind && (own.newest ?? 0) > before ? true : undefined;
  });
}
async function newestRules(): Promise<number> {
  const { data } = (await stage.api('/v1/rulebooks')) as RulesStatus;
  return data.find((row) => row.cabinet.name === cabinet().name)?.newest ?? 0;
}

async function take(...names: readonly string[]): Promise<void> {
  await hands.open(cabinet());
  for (const name of names) await hands.move(cabinet(), epcOf(name), false);
  await hands.close(cabinet());
}

/** Lines of a kind, once there are `count` of them. */
async function linesOf(kind: string, count: number): Promise<EntryView[]> {
  return until(`${count} lines ${kind}`, async () => {
    const found = (await trail(stage)).filter((line) => line.kind === kind);
    return found.length >= count ? found : undefined;
  });
}

describe('rules, from the office to the cabinet and back', () => {
  let order: OrderView;

  it('stand at the cabinet when the office has made them', async () => {
    const before = await newestRules();
    const ben = await personByName('Ben Osei');
    const { id } = await assetByName(stage, mirror);
    order = (await stage.send('POST', '/v1/orders', {
      ...{ number: 'WO-9001', title: 'Seat rails', people_ids: [ben.id] },
    })) as OrderView;
    await stage.send('PUT', `/v1/people/${ben.id}/pin`, { number: '1002', pin: '9753' });
    await stage.send('POST', '/v1/item-rules', { model: 'SW-9', two_person: true });
    const denied = { effect: 'deny', person_id: ben.id, asset_ids: [id], note: 'After the course' };
    await stage.send('POST', '/v1/grants', denied);
    await rulesArrive(before);
  }, 60_000);

  it('let somebody in by PIN, with their order and a colleague, and show by name what is not for them', async () => {
    expect(await tap(cabinet(), 'pin', { number: '1002', pin: '0000' })).toBe(true);
    await screenOf(cabinet(), 'the wrong PIN', ({ refusal }) => refusal === 'pin_wrong');
    await screenOf(cabinet(), 'ready again', ({ phase }) => phase === 'idle');
    expect(await tap(cabinet(), 'pin', { number: '1002', pin: '9753' })).toBe(true);
    const greeted = await screenOf(cabinet(), 'Ben', ({ phase }) => phase === 'unlocked');
    expect(greeted.person?.displayName).toBe('Ben');
    expect(greeted.desk?.orders?.open.map(({ number }) => number)).toContain('WO-9001');
    const red = greeted.desk?.notForYou?.find(({ name }) => name === mirror);
    expect(red).toMatchObject({ reason: 'denied', reasonName: 'After the course' });

    expect(await tap(cabinet(), 'order', { order: order.id as OrderId })).toBe(true);
    await hands.badge(cabinet(), badgeOf('ana'));
    await screenOf(cabinet(), 'Ana beside Ben', ({ desk }) => desk?.witness?.confirmedBy === 'Ana');
    await take(pliers, mirror);
    const receipt = await screenOf(cabinet(), 'the receipt', ({ phase }) => phase === 'receipt');
    const authority = new Map(receipt.lines.map(({ name, authority, reason }) => [name, [authority, reason]]));
    expect(authority).toEqual(
      new Map([
        [pliers, ['allowed', null]],
        [mirror, ['forbidden', 'denied']],
      ]),
    );
  }, 60_000);

  it('leave their lines in the trail, each with who, what and the order', async () => {
    const [forbidden] = await linesOf('take.forbidden', 1);
    const taken = await linesOf('asset.checked_out', 2);
    const all = await trail(stage);
    const by = (kind: string) => all.filter((line) => line.kind === kind).map(({ actor }) => actor?.name);
    expect([by('pin.accepted'), by('witness.confirmed'), by('take.forbidden')]).toEqual([
      ['Ben Osei'],
      ['Ana Martins'],
      ['Ben Osei'],
    ]);
    expect(all.some(({ kind }) => kind === 'pin.refused')).toBe(true);
    expect(forbidden).toMatchObject({ asset: { name: mirror }, data: { reasonName: 'After the course' } });
    expect(taken.map((line) => [line.actor?.name, line.asset?.name, line.order, line.data.authority]).sort()).toEqual([
      ['Ben Osei', mirror, order.id, 'forbidden'],
      ['Ben Osei', pliers, order.id, 'allowed'],
    ]);
  }, 60_000);

  it('tell the office at once, until somebody looks after it by name', async () => {
    const list = async () => ((await stage.api('/v1/attention?kind=forbidden_take')) as { data: AttentionItem[] }).data;
    const [item, ...others] = await list();
    expect(others).toEqual([]);
    expect(item).toMatchObject({ asset: { name: mirror }, entry: { actor: { name: 'Ben Osei' } } });
    const word = { id: item?.id, mark: item?.mark, note: 'The course is on Monday' };
    expect(await stage.send('POST', '/v1/attention/acknowledgements', word)).toMatchObject({
      acknowledged: { by: { name: 'Maria Costa' }, note: 'The course is on Monday' },
    });
    expect(await list()).toEqual([]);
  }, 60_000);

  it('forbid one alone what takes two, and refuse nobody who brings back', async () => {
    await screenOf(cabinet(), 'ready for the next', ({ phase }) => phase === 'idle');
    await hands.badge(cabinet(), badgeOf('jonas'));
    await hands.open(cabinet());
    await hands.move(cabinet(), epcOf(otherPliers), false);
    await hands.move(cabinet(), epcOf(mirror), true);
    await hands.close(cabinet());
    const [, alone] = await linesOf('take.forbidden', 2);
    expect(alone).toMatchObject({
      ...{ actor: { name: 'Jonas Weber' }, asset: { name: otherPliers }, data: { reason: 'witness_missing' } },
    });
    const [returned] = await linesOf('asset.returned', 1);
    expect(returned).toMatchObject({
      ...{ actor: { name: 'Jonas Weber' }, asset: { name: mirror }, counterpart: { name: 'Ben Osei' } },
    });
  }, 60_000);
});
