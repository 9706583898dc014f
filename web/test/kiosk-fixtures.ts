import { noDesk } from '../src/kiosk/kiosk-context.js';

/** States of the cabinet screen, one for each thing that can happen; each is held against the shared schema before use. */
const now = '2026-11-22T06:12:00.000Z';
const yesterday = '2026-11-21T22:14:00.000Z';
const order = (n: number, number: string, title: string) => ({
  order: `order_01h455vb4pex5vsknk084sn0${n}q`,
  number,
  title,
});
export const fixtureEpc = (n: number): string => `E280116000006${String(n).padStart(11, '0')}`;
const held = (n: number, name: string) => ({ epc: fixtureEpc(n), name, since: yesterday });
const line = (n: number, name: string, movement: string, more: object = {}) => ({
  epc: fixtureEpc(n),
  name,
  movement,
  disputed: false,
  authority: 'allowed',
  reason: null,
  takenBy: null,
  ...more,
});
const notForYou = (n: number, name: string, reason: string, reasonName: string | null, reasonSince: string | null) => ({
  epc: fixtureEpc(n),
  name,
  reason,
  reasonName,
  reasonSince,
});
const base = {
  cabinet: 'B2 Engine bay',
  site: 'Hangar Toulouse',
  language: 'en',
  now,
  phase: 'idle',
  person: null,
  refusal: null,
  lines: [],
  holding: [],
  reading: null,
  missing: [],
  leavesAt: null,
  offlineSince: null,
  pending: 0,
  rulebookIssuedAt: now,
  faults: [],
};
const sam = { displayName: 'Sam' };
const leavesAt = '2026-11-22T06:12:19.000Z';
const holding = [
  held(1, 'Torque wrench 7'),
  held(2, 'Inspection mirror 3'),
  held(3, 'Borescope 2'),
  held(4, 'Crimp tool 1'),
];
const desk = (more: object = {}) => ({ ...noDesk(), keypad: { offered: true, lockedUntil: null }, ...more });
const state = (phase: string, more: object = {}, deskMore: object = {}) => ({
  ...base,
  phase,
  ...more,
  desk: desk(deskMore),
});
const offline = { offlineSince: yesterday, pending: 14, rulebookIssuedAt: '2026-11-21T18:30:00.000Z' };
const tools = [
  { epc: fixtureEpc(11), name: 'Rivet gun 4' },
  { epc: fixtureEpc(12), name: 'Feeler gauge 2' },
  { epc: fixtureEpc(13), name: 'Pitot cover 9' },
];
const missing = { missing: tools.map(({ name }) => name) };
const search = {
  ...tools[0],
  startedAt: yesterday,
  lastHolder: 'Ana Lopez',
  lastPlace: 'B2, drawer 3',
  lastReadAt: yesterday,
};
const dispute = (stage: string) => ({
  epc: fixtureEpc(1),
  name: 'Torque wrench 7',
  movement: 'taken',
  stage,
});
const orders = [
  order(1, '4711', 'A320 MSN 2210, left engine, fan blades'),
  order(2, '4712', 'A320 MSN 2214, nose gear'),
  order(3, '4720', null as unknown as string),
];
const text =
  'We record when you hold your badge to a cabinet, what you take and what you bring back. We do this so that no tool stays in an aircraft. ' +
  'Your company keeps these lines for 24 months and then replaces your name. '.repeat(8);

export const fixtureStates = {
  idle: state('idle'),
  'idle-offline-missing': state('idle', { ...offline, ...missing }, { missing: tools }),
  'idle-fault': state('idle', { ...offline, faults: [{ device: 'badge', status: 'unplugged' }] }),
  'idle-disk': state('idle', { faults: [{ device: 'disk', status: 'trimming' }] }),
  'idle-bare': { ...base },
  'refused-unknown': state('refused', { refusal: 'unknown' }),
  'refused-expired': state('refused', { refusal: 'expired' }),
  'refused-lost': state('refused', { refusal: 'lost' }),
  'refused-revoked': state('refused', { refusal: 'revoked' }),
  'refused-suspended': state('refused', { refusal: 'suspended' }),
  'refused-pin': state('refused', { refusal: 'pin_wrong' }),
  'refused-locked': state('refused', { refusal: 'pin_locked' }, { keypad: { offered: true, lockedUntil: leavesAt } }),
  'no-rules': state('refused', { refusal: 'rulebook_missing', rulebookIssuedAt: null }),
  greeting: state('unlocked', { person: sam, holding, leavesAt }),
  'greeting-order': state(
    'unlocked',
    { person: sam, leavesAt },
    { orders: { open: orders, chosen: null, decided: false } },
  ),
  'greeting-chosen': state(
    'unlocked',
    { person: sam, leavesAt, holding },
    { orders: { open: orders, chosen: orders[0], decided: true } },
  ),
  'greeting-warned': state(
    'unlocked',
    { person: sam, leavesAt, holding, ...offline },
    {
      warnings: [
        { kind: 'licence_due', name: 'Torque licence', dueAt: '2026-12-03T12:00:00.000Z', held: false },
        { kind: 'calibration_overdue', name: 'Torque wrench 7', dueAt: '2026-11-03T12:00:00.000Z', held: true },
        { kind: 'calibration_due', name: 'Borescope 2', dueAt: '2026-11-29T12:00:00.000Z', held: true },
      ],
      notice: { version: 2, text, changes: ['Lines are kept for 24 months.'], contact: null, acknowledged: false },
    },
  ),
  'greeting-witness': state(
    'unlocked',
    { person: sam, leavesAt, holding },
    { witness: { toOpen: false, items: ['Explosive bolt cutter', 'Bore gauge 1'], confirmedBy: null } },
  ),
  witness: state('witness', { person: sam, leavesAt }, { witness: { toOpen: true, items: [], confirmedBy: null } }),
  open: state('open', { person: sam, holding }),
  'open-marked': state(
    'open',
    { person: sam, holding, ...offline },
    {
      notForYou: [
        notForYou(21, 'Torque wrench 8', 'calibration_overdue', null, '2026-05-03T12:00:00.000Z'),
        notForYou(22, 'Torque wrench 9', 'licence_expired', 'Torque licence', '2026-05-03T12:00:00.000Z'),
        notForYou(23, 'Rivet gun 1', 'quarantine', null, null),
        notForYou(24, 'Borescope 5', 'not_in_group', 'Line B', null),
        notForYou(25, 'Bore gauge 1', 'witness_missing', null, null),
        notForYou(26, 'Fuel nozzle key', 'outside_window', '06:00-14:00', null),
        notForYou(27, 'Crimp tool 3', 'reported', null, '2026-11-20T08:00:00.000Z'),
      ],
    },
  ),
  'open-alarm': state('open', { person: sam, holding }, { alarm: true }),
  'open-left': state('open', { person: sam, holding, doorLeftOpen: true }),
  'open-unsigned': state('open', { ...offline }),
  reading: state('reading', { person: sam, reading: { rounds: 2, seen: 142 } }),
  receipt: state('receipt', {
    person: sam,
    holding,
    leavesAt,
    lines: [line(1, 'Torque wrench 7', 'taken'), line(2, 'Inspection mirror 3', 'taken')],
  }),
  'receipt-busy': state(
    'receipt',
    {
      person: sam,
      holding,
      leavesAt,
      ...offline,
      ...missing,
      lines: [
        line(1, 'Torque wrench 7', 'taken', { calibrationDueAt: '2026-11-29T12:00:00.000Z' }),
        line(5, 'Safety wire pliers with a long name 5', 'taken'),
        line(6, 'Safety wire pliers 6', 'taken'),
        line(7, 'Rivet gun 2', 'taken', {
          authority: 'forbidden',
          reason: 'licence_expired',
          reasonName: 'Rivet licence',
          reasonSince: '2026-05-03T12:00:00.000Z',
        }),
        line(8, 'Borescope 2', 'returned', { takenBy: 'Ana' }),
        line(9, 'Crimp tool 12', 'returned', { disputed: true }),
        line(10, 'Feeler gauge 1', 'returned', { reported: 'broken' }),
      ],
    },
    {
      kits: [
        { kit: 'Rigging kit 2', state: 'came_back_incomplete', children: ['Turnbuckle key', 'Tension gauge', 'Pin'] },
      ],
      missing: tools,
    },
  ),
  'receipt-nothing': state('receipt', { person: sam, leavesAt, holding }),
  'receipt-unsigned': state('receipt', {
    leavesAt,
    lines: [line(1, 'Torque wrench 7', 'taken', { authority: 'unsigned' }), line(2, 'Mirror 3', 'returned')],
  }),
  'dispute-reading': state(
    'receipt',
    {
      person: sam,
      holding,
      lines: [line(1, 'Torque wrench 7', 'taken', { dispute: 'reading' })],
      reading: { rounds: 4, seen: 140 },
    },
    { dispute: dispute('reading') },
  ),
  'dispute-corrected': state(
    'receipt',
    { person: sam, leavesAt, lines: [line(1, 'Torque wrench 7', 'taken', { dispute: 'corrected' })] },
    { dispute: dispute('corrected') },
  ),
  'dispute-stays': state(
    'receipt',
    {
      person: sam,
      leavesAt,
      lines: [line(1, 'Torque wrench 7', 'taken', { disputed: true, dispute: 'stays_disputed' })],
    },
    { dispute: dispute('stays_disputed') },
  ),
  'hand-over': state(
    'hand_over',
    { person: sam, leavesAt },
    { handOver: { items: holding.map(({ epc, name }) => ({ epc, name })), refused: null, to: null } },
  ),
  'lost-by-two': state(
    'hand_over',
    { person: sam, leavesAt, ...missing },
    { handOver: { lost: true, items: tools.slice(0, 1), refused: null, to: null } },
  ),
  'lost-by-two-done': state(
    'hand_over',
    { person: sam, leavesAt },
    { handOver: { lost: true, items: tools.slice(0, 1), refused: null, to: 'Ana' } },
  ),
  'hand-over-refused': state(
    'hand_over',
    { person: sam, leavesAt },
    { handOver: { items: tools.slice(0, 1), refused: 'same_person', to: null } },
  ),
  'hand-over-done': state(
    'hand_over',
    { person: sam, leavesAt },
    { handOver: { items: tools.slice(0, 1), refused: null, to: 'Ana' } },
  ),
  'return-reader': state(
    'return_offer',
    { person: sam, leavesAt, holding, faults: [{ device: 'uhf', status: 'unplugged' }] },
    { returnOnly: { why: 'reader_out_of_order', items: holding.map(({ epc, name }) => ({ epc, name })) } },
  ),
  'return-expired': state(
    'return_offer',
    { person: sam, leavesAt, ...offline, ...missing },
    { returnOnly: { why: 'badge_expired', items: [] }, missing: tools },
  ),
  'return-suspended': state(
    'return_offer',
    { person: sam, leavesAt },
    { returnOnly: { why: 'person_suspended', items: [] } },
  ),
  'return-unlocked': state(
    'unlocked',
    { person: sam, leavesAt, holding },
    { returnOnly: { why: 'reader_out_of_order', items: [] } },
  ),
  'return-open': state('open', { person: sam, holding }, { returnOnly: { why: 'reader_out_of_order', items: [] } }),
  'receipt-uncounted': state('receipt', {
    person: sam,
    leavesAt,
    holding: holding.slice(1),
    uncounted: true,
    lines: [line(1, 'Torque wrench 7', 'returned', { disputed: true })],
  }),
  'receipt-uncounted-bare': state('receipt', { person: sam, leavesAt, holding, uncounted: true }),
  'out-of-order-lock': state('out_of_order', { faults: [{ device: 'lock', status: 'unplugged' }] }),
  'out-of-order': state('out_of_order', { faults: [{ device: 'uhf', status: 'unplugged' }] }),
  searching: state('idle', missing, { missing: tools, searches: [search] }),
  signed: state(
    'unlocked',
    { person: sam, holding, leavesAt, ...missing },
    {
      missing: tools,
      searches: [search],
      notice: {
        version: 2,
        text,
        changes: [
          'Lines are kept for 24 months instead of 36.',
          'The cabinet may warn you about calibration.',
          'You may object on the screen.',
        ],
        contact: 'privacy@skyline.example',
        acknowledged: false,
      },
    },
  ),
  locked: state('idle', {}, { keypad: { offered: true, lockedUntil: '2026-11-22T06:22:00.000Z' } }),
} as const;
export type FixtureName = keyof typeof fixtureStates;

const found = (n: number, name: string, where: string, more: object = {}) => ({
  epc: fixtureEpc(n),
  name,
  model: 'Facom S.307-200',
  where,
  since: null,
  holder: null,
  forbidden: null,
  calibrationDueAt: null,
  ...more,
});

/** What the cabinet answers to each question of the page. */
export const fixtureAnswers = {
  find: {
    ok: true,
    items: [
      found(2, 'Torque wrench 2', 'inside', { calibrationDueAt: '2026-11-29T12:00:00.000Z' }),
      found(7, 'Torque wrench 7', 'inside', {
        forbidden: { reason: 'calibration_overdue', reasonName: null, reasonSince: '2026-05-03T12:00:00.000Z' },
      }),
      found(8, 'Torque wrench 8', 'out', { since: yesterday }),
      found(9, 'Torque wrench 9', 'elsewhere'),
      found(11, 'Torque adapter 4', 'missing'),
    ],
  },
  myData: {
    ok: true,
    displayName: 'Sam',
    groups: ['Line A'],
    licences: [],
    holding: [],
    sessions: [
      { openedAt: yesterday, outcome: 'settled', taken: ['Torque wrench 7', 'Inspection mirror 3'], returned: [] },
      { openedAt: '2026-11-20T08:00:00.000Z', outcome: 'settled', taken: [], returned: ['Borescope 2'] },
      { openedAt: '2026-11-19T08:00:00.000Z', outcome: 'unused', taken: [], returned: [] },
      { openedAt: '2026-11-18T08:00:00.000Z', outcome: 'settled', taken: ['Crimp tool 1'], returned: ['Mirror 2'] },
    ],
    notice: null,
  },
} as const;
