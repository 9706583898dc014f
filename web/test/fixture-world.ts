import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { Reference } from '@tagtrail/shared/api/common.js';
import type { EntryView } from '@tagtrail/shared/api/entry.js';
import type { Overview } from '@tagtrail/shared/api/overview.js';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import type { SessionView } from '@tagtrail/shared/api/session.js';
import { type IdPrefix, idFromUuid } from '@tagtrail/shared/ids.js';
import { pick, type Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';

/** A made-up customer for looking at screens. Never shipped. */
export interface World {
  readonly cabinets: CabinetView[];
  readonly assets: AssetView[];
  readonly people: PersonView[];
  readonly sessions: SessionView[];
  readonly entries: EntryView[];
  readonly random: Random;
  readonly startedMs: number;
}

const at = (ms: number): string => new Date(ms).toISOString();
const idOf = (prefix: IdPrefix, n: number): string =>
  idFromUuid(prefix, `01935a7c-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const ref = (thing: { id: string; name: string | null }): Reference => ({ id: thing.id, name: thing.name });

const sites = [
  { id: idOf('site', 1), name: 'Hangar Toulouse' },
  { id: idOf('site', 2), name: 'Line Station Orly' },
];
const names = [
  'Ana Ruiz',
  'Ben Carter',
  'Chloé Martin',
  'David Okafor',
  'Elif Kaya',
  'François Petit',
  'Greta Lind',
  'Hugo Blanc',
];
const tools = [
  'Torque wrench',
  'Borescope',
  'Rivet gun',
  'Inspection mirror',
  'Crimp tool',
  'Feeler gauge',
  'Pitot cover',
  'Safety wire pliers',
];

export function createWorld(nowMs: number): World {
  const random = seededRandom(7);
  const people: PersonView[] = names.map((name, n) => ({
    id: idOf('person', n + 1),
    name: n === 7 ? null : name,
    display_name: n === 7 ? null : (name.split(' ')[0] ?? name),
    language: n % 3 === 2 ? 'fr' : 'en',
    status: n === 5 ? 'suspended' : 'active',
    groups: n % 2 === 0 ? ['mechanic'] : ['mechanic', 'avionics'],
    valid_until: null,
    sees_holders: n === 0,
    badges: [{ id: idOf('badge', n + 1), status: 'active', issued_at: at(nowMs - 9e9), ends_with: `4F${10 + n}` }],
    holding: n % 3,
    last_session_at: at(nowMs - n * 3_400_000),
  }));
  const cabinets = [
    cabinetOf(1, 'B2 Engine bay', 0, nowMs),
    cabinetOf(2, 'B3 Avionics', 0, nowMs),
    cabinetOf(3, 'C1 Line', 1, nowMs),
    cabinetOf(4, 'C2 Cabin', 1, nowMs),
    cabinetOf(5, 'D1 Old store', 1, nowMs),
  ];
  const assets: AssetView[] = Array.from({ length: 56 }, (_, n) => assetOf(n, cabinets, people, nowMs));
  const world: World = { cabinets, assets, people, sessions: [], entries: [], random, startedMs: nowMs };
  for (let n = 0; n < 40; n++) visit(world, nowMs - (40 - n) * 240_000);
  shape(world, nowMs);
  return world;
}

function cabinetOf(n: number, name: string, site: number, nowMs: number): CabinetView {
  return {
    id: idOf('cabinet', n),
    name,
    site: ref(sites[site] as Reference & { name: string }),
    link: 'online',
    last_seen_at: at(nowMs - 3000),
    pending: 0,
    oldest_pending_at: null,
    rulebook_version: 12,
    rulebook_wanted: 12,
    devices: Object.fromEntries(
      ['uhf', 'badge', 'lock'].map((d) => [d, { status: 'ok', since: at(nowMs - 8e7), detail: null }]),
    ),
    doors: [{ door: 1, state: 'closed' }],
    phase: 'idle',
    session: null,
    last_session: null,
    counts: { assigned: 14, inside: 12, out: 2, missing: 0, disputed: 0 },
    counted_at: at(nowMs - 300_000),
  };
}

function assetOf(n: number, cabinets: CabinetView[], people: PersonView[], nowMs: number): AssetView {
  const home = cabinets[n % 4] as CabinetView;
  const state =
    n === 3
      ? 'missing'
      : n === 9
        ? 'disputed'
        : n === 14
          ? 'calibration'
          : n === 20
            ? 'quarantine'
            : n === 27
              ? 'unknown'
              : n % 7 === 5
                ? 'out'
                : 'available';
  return {
    id: idOf('asset', n + 1),
    name: `${tools[n % 8]} ${1 + Math.floor(n / 8)}`,
    model: ['Norbar Pro 100', 'Olympus IPLEX', 'Desoutter CP', null][n % 4] ?? null,
    serial: `SN-${40_210 + n * 37}`,
    epc: `E2801160600002${(0x54a10000 + n * 977).toString(16).toUpperCase()}AB`,
    epc_uri: `urn:epc:raw:96.xE2801160600002${(0x54a10000 + n * 977).toString(16).toUpperCase()}AB`,
    state,
    home: ref(home),
    site: home.site,
    cabinet: state === 'out' ? null : ref(home),
    holder: state === 'out' ? ref(people[n % 8] as PersonView) : null,
    since: at(nowMs - (n + 1) * 731_000),
    session: idOf('session', 1 + (n % 30)),
    disputed: state === 'disputed',
    calibration_due_at: n % 5 === 4 ? at(nowMs + (n - 20) * 8e8) : null,
    groups: n % 6 === 0 ? ['avionics'] : [],
    licences: n % 8 === 0 ? ['Torque'] : [],
    two_person: n % 8 === 1,
    place: n % 3 === 0 ? `Drawer ${1 + (n % 5)}` : null,
    kit: null,
    fresh: n % 4 !== 3,
    as_of: at(nowMs - (n % 4 === 3 ? 900_000 : 4000)),
  };
}

/** One whole visit: badge, door, two lines, count. Returns its entries. */
export function visit(world: World, atMs: number): EntryView[] {
  const cabinet = pick(world.random, world.cabinets.slice(0, 3));
  const person = pick(world.random, world.people);
  const [one, two] = [pick(world.random, world.assets), pick(world.random, world.assets)];
  const session = idOf('session', world.sessions.length + 1);
  const first = world.entries.length;
  const add = (
    kind: string,
    category: EntryView['category'],
    after: number,
    data: object,
    more: Partial<EntryView> = {},
  ): void => {
    world.entries.push({
      index: world.entries.length,
      kind,
      category,
      source: 'cabinet',
      time: at(atMs + after),
      received_at: at(atMs + after + 300),
      late: false,
      status: 'accepted',
      site: cabinet.site,
      cabinet: ref(cabinet),
      actor: ref(person),
      asset: null,
      counterpart: null,
      session,
      order: null,
      sequence: world.entries.length + 1,
      data: { ...data },
      ...more,
    });
  };
  const line = (asset: AssetView, disputed: boolean) => ({
    epc: asset.epc,
    name: asset.name,
    confidencePct: disputed ? 61 : 99,
    disputed,
    certainty: 'observed',
    evidence: { reads: disputed ? 2 : 41, rounds: 4, antennas: disputed ? [2] : [1, 2], bestRssiDbm: -54 },
  });
  const turn = world.sessions.length % 9;
  add('badge.accepted', 'session', 0, { badgeHash: 'a1' });
  add('session.opened', 'session', 5, { door: 1, signed: true });
  add('door.opened', 'session', 2000, { door: 1, signed: true });
  add('door.closed', 'session', 11_000, { door: 1, openForMs: 9000 });
  const authority =
    turn === 4 ? { authority: 'forbidden', reason: 'calibration_overdue' } : { authority: 'allowed', reason: null };
  add('asset.checked_out', 'custody', 13_000, { ...line(one, turn === 7), ...authority }, { asset: ref(one) });
  const other = world.people[(world.people.indexOf(person) + 1) % 8] as PersonView;
  add(
    'asset.returned',
    'custody',
    13_001,
    { ...line(two, false), takenBy: other.id },
    { asset: ref(two), counterpart: ref(other) },
  );
  add('inventory.settled', 'inventory', 13_002, {
    trigger: 'session',
    present: ['A', 'B', 'C'],
    doubtful: [],
    missing: turn === 2 ? ['D'] : [],
    rounds: 4,
    reads: 90,
    elapsedMs: 1800,
  });
  add('session.closed', 'session', 13_003, {
    outcome: 'settled',
    taken: 1,
    returned: 1,
    disputed: turn === 7 ? 1 : 0,
    elapsedMs: 13_000,
  });
  if (turn === 6)
    add(
      'device.lost',
      'device',
      60_000,
      { device: 'uhf', reason: 'unplugged', detail: '' },
      { actor: null, session: null },
    );
  if (turn === 8)
    add('badge.refused', 'security', 60_000, { badgeHash: 'x', refusal: 'lost' }, { actor: null, session: null });
  const entries = world.entries.slice(first);
  world.sessions.push({
    id: session,
    cabinet: ref(cabinet),
    person: ref(person),
    signed: true,
    opened_at: at(atMs),
    closed_at: at(atMs + 13_003),
    outcome: 'settled',
    taken: 1,
    returned: 1,
    disputed: 0,
    entries: entries.filter((entry) => entry.session === session),
  });
  cabinet.last_session = { id: session, person: ref(person), closed_at: at(atMs + 13_003), taken: 1, returned: 1 };
  return entries;
}

/** Puts the cabinets into the states that have to be looked at. */
function shape(world: World, nowMs: number): void {
  const [b2, b3, c1, c2, d1] = world.cabinets as [CabinetView, CabinetView, CabinetView, CabinetView, CabinetView];
  b2.session = { id: idOf('session', 40), person: ref(world.people[0] as PersonView), opened_at: at(nowMs - 9000) };
  b2.doors = [{ door: 1, state: 'open' }];
  b3.counts = { assigned: 22, inside: 18, out: 2, missing: 1, disputed: 1 };
  c1.devices = {
    ...c1.devices,
    uhf: { status: 'unplugged', since: at(nowMs - 60_000), detail: '/dev/ttyUSB0 is gone' },
  };
  Object.assign(c2, {
    link: 'stale',
    last_seen_at: at(nowMs - 245_000),
    pending: 14,
    oldest_pending_at: at(nowMs - 240_000),
    rulebook_version: 11,
  });
  Object.assign(d1, { link: 'offline', last_seen_at: at(nowMs - 3e8), revoked_at: at(nowMs - 2e8), pending: 3 });
}

export function overviewOf(world: World, nowMs: number): Overview {
  const count = (state: AssetView['state']): number => world.assets.filter((asset) => asset.state === state).length;
  const silent = world.cabinets.filter((cabinet) => cabinet.link !== 'online');
  return {
    freshness: { as_of: at(nowMs - 2000), complete: silent.length === 0, silent_cabinets: silent.map(ref) },
    assets: {
      total: world.assets.length,
      available: count('available'),
      out: count('out'),
      missing: count('missing'),
      disputed: count('disputed'),
      quarantine: count('quarantine'),
      calibration: count('calibration'),
      unknown: count('unknown'),
    },
    cabinets: {
      total: world.cabinets.length,
      online: world.cabinets.length - silent.length,
      silent: silent.length,
      faulty: 1,
      open: 1,
    },
    quarantined_events: 1,
    attention: { open: 3, acknowledged: 1, by_kind: { missing: 1, device_failed: 1, quarantined: 1 } },
  };
}
export { sites };
