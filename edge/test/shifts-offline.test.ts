import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { below, chance, pick, type Random } from '@tagtrail/shared/random/random.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { isLongRun } from '@tagtrail/shared/testing/long-run.js';
import { describe, expect, it } from 'vitest';
import { aPersonId } from '../src/testing/builders.js';
import { createShiftRig, pinOfFirst, type ShiftRig, staff, tools } from './shift-rig.js';

const hourMs = 3_600_000;
const eventsPerDay = 20_000;
const pinLockMs = 300_000;
/** Where in a visit the power is cut, if it is. */
const cuts = ['signed in', 'door open', 'hands inside', 'counting'] as const;
type Cut = (typeof cuts)[number] | undefined;

/** What really happened, written down by the test: one line for each tool that a visit moved. */
interface Move {
  readonly epc: string;
  readonly kind: TraceEvent['kind'];
  readonly person: number;
  readonly cut: Cut;
}

/** Up to two tools out and up to two in, by `person`, who is at the unlocked door. */
async function reach(rig: ShiftRig, dice: Random, moves: Move[], who: { person: number; cut: Cut }): Promise<void> {
  const out = tools.filter((epc) => !rig.inside.has(epc));
  const taken = [...rig.inside].filter(() => chance(dice, 1, 6)).slice(0, 2);
  for (const epc of out.filter(() => chance(dice, 1, 2)).slice(0, 2)) {
    rig.inside.add(epc);
    moves.push({ epc, kind: 'asset.returned', ...who });
  }
  for (const epc of taken) {
    rig.inside.delete(epc);
    moves.push({ epc, kind: 'asset.checked_out', ...who });
  }
  await rig.clock.advance(2_000);
}

async function outage(rig: ShiftRig, dice: Random, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  rig.powerOff();
  await meanwhile();
  await rig.clock.advance(1_000 + below(dice, 60_000));
  await rig.powerOn();
}

/** One visit to its end: signed in already, or by badge. The power may be cut in it. */
async function visit(rig: ShiftRig, dice: Random, moves: Move[], who: { person: number; cut: Cut }): Promise<void> {
  const { cut } = who;
  if (cut === 'signed in') return outage(rig, dice);
  expect(rig.pull()).toBe(true);
  await rig.clock.advance(1_000);
  if (cut === 'door open') await outage(rig, dice, () => reach(rig, dice, moves, who));
  else await reach(rig, dice, moves, who);
  if (cut === 'hands inside') await outage(rig, dice);
  rig.close();
  await rig.clock.advance(1_500);
  if (cut === 'counting') await outage(rig, dice);
}

/** Somebody guesses five times; then the right PIN opens nothing until the time is over, also over a power cut. */
async function lockOut(rig: ShiftRig, dice: Random): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await rig.typePin('0000');
    await rig.clock.advance(500);
  }
  if (chance(dice, 1, 2)) {
    await outage(rig, dice);
    expect(await rig.until(['idle'])).toBe('idle');
  }
  await rig.typePin(pinOfFirst.pin);
  expect(rig.screen()).toMatchObject({ phase: 'refused', refusal: 'pin_locked' });
  expect(rig.pull()).toBe(false);
  await rig.clock.advance(pinLockMs);
  await rig.typePin(pinOfFirst.pin);
  await rig.clock.advance(500);
}

interface Plan {
  readonly hours: number;
  /** Of so many visits, one loses power. */
  readonly cutEvery: number;
  readonly lockOuts: number;
}

/** Hours without a network at the pace of a busy cabinet. */
async function work(rig: ShiftRig, dice: Random, plan: Plan) {
  const moves: Move[] = [];
  const played = new Set<Cut>();
  let lockOuts = 0;
  while (rig.clock.monotonicMs() < plan.hours * hourMs) {
    expect(await rig.until(['idle', 'receipt'])).toMatch(/idle|receipt/);
    const cut = chance(dice, 1, plan.cutEvery) ? pick(dice, cuts) : undefined;
    let person = pick(dice, staff);
    if (rig.clock.monotonicMs() > ((lockOuts + 0.5) * plan.hours * hourMs) / plan.lockOuts) {
      lockOuts++;
      await rig.until(['idle']);
      await lockOut(rig, dice);
      person = 1;
    } else {
      if (chance(dice, 1, 20)) {
        rig.badge(99);
        await rig.clock.advance(5_000);
      }
      rig.badge(person);
      await rig.clock.advance(500);
    }
    played.add(cut);
    await visit(rig, dice, moves, { person, cut });
    const isDueMs = (rig.told.length * 24 * hourMs) / eventsPerDay;
    if (isDueMs > rig.clock.monotonicMs()) await rig.clock.advance(isDueMs - rig.clock.monotonicMs());
  }
  expect(await rig.until(['idle'])).toBe('idle');
  return { moves, lockOuts, played };
}

/** The broker is back. One answer in twenty is lost, and one in twenty comes twice. */
async function drain(rig: ShiftRig, dice: Random): Promise<void> {
  rig.cloud.answerWith((message, pass) => {
    const luck = below(dice, 20);
    if (luck > 0) pass(message);
    if (luck > 18) pass(message);
  });
  rig.broker.up();
  for (let waitedMs = 0; rig.screen().pending > 0 && waitedMs < hourMs; waitedMs += 1_000) {
    await rig.clock.advance(1_000);
  }
}

function linesOf(committed: readonly Record<string, unknown>[], epc: string) {
  return (committed as unknown as readonly TraceEvent[]).flatMap((event) =>
    (event.kind === 'asset.checked_out' || event.kind === 'asset.returned') && event.data.epc === epc ? [event] : [],
  );
}

describe('shifts without a network', () => {
  const plan = isLongRun ? { hours: 72, cutEvery: 200, lockOuts: 9 } : { hours: 2, cutEvery: 12, lockOuts: 2 };

  it(`of ${plan.hours} hours lose nothing, double nothing and put no line on a wrong name`, async () => {
    const dice = seededRandom('shifts without a network');
    const rig = await createShiftRig(dice.fork('rig'));
    await rig.powerOn();
    rig.broker.up();
    rig.giveRulebook();
    await rig.clock.advance(10_000);
    rig.broker.down();
    const { moves, lockOuts, played } = await work(rig, dice.fork('people'), plan);
    expect(lockOuts).toBe(plan.lockOuts);
    expect(played).toEqual(new Set([undefined, ...cuts]));
    expect(rig.told.length).toBeGreaterThan(0.98 * plan.hours * (eventsPerDay / 24));

    await drain(rig, dice.fork('network'));
    expect(rig.screen().pending).toBe(0);
    // Whatever the agent was ever told to be durable, through every power cut, is in the cloud once and in order.
    expect(rig.cloud.committed).toEqual(rig.told);
    expect(rig.cloud.committed.map(({ seq }) => seq)).toEqual(rig.told.map((_, index) => index + 1));

    for (const epc of tools) {
      const really = moves.filter((move) => move.epc === epc);
      const lines = linesOf(rig.cloud.committed, epc);
      expect(lines.map(({ kind }) => kind)).toEqual(really.map(({ kind }) => kind));
      for (const [index, { person, cut }] of really.entries()) {
        const line = lines[index];
        expect(line).toMatchObject({ actor: aPersonId(person) });
        if (cut === undefined) expect(line).toMatchObject({ data: { disputed: false, certainty: 'observed' } });
        const isCutOff = cut === 'door open' || cut === 'hands inside';
        if (isCutOff) expect(line).toMatchObject({ data: { disputed: true, certainty: 'window' } });
      }
    }
    const last = rig.told.findLast(({ kind }) => kind === 'inventory.settled');
    expect(last).toMatchObject({ data: { present: tools.filter((epc) => rig.inside.has(epc)) } });
    await rig.stop();
  }, 900_000);
});
