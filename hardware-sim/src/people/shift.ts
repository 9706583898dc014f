import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { below, type Random } from '@tagtrail/shared/random/random.js';
import type { SampleCustomer } from '@tagtrail/shared/sample/sample-customer.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { playStep } from './actor.js';
import { planShift, type ShiftItem, type ShiftPerson, type ShiftStep, type StepOutcome } from './shift-plan.js';
import { httpControl, type SimControl } from './sim-control.js';

/** The people and cabinets of a shift. */
export interface ShiftSite {
  readonly cabinets: readonly { readonly key: string; readonly control: SimControl }[];
  readonly people: readonly ShiftPerson[];
  readonly items: readonly Omit<ShiftItem, 'inside'>[];
}

export interface PlayShiftOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly site: ShiftSite;
  readonly log: Log;
  /** Mean time between two people. */
  readonly everyMs?: number;
  /** The shift ends by itself after so many steps. */
  readonly steps?: number;
}

export interface RunningShift {
  /** Resolves when the shift is over. Never rejects. */
  readonly over: Promise<void>;
  /** Lets the person at the cabinet finish quickly and close the door; then nobody comes any more. */
  stop(): Promise<void>;
}

const usualEveryMs = 6000;
const lookAgainMs = 1000;

/** The site of a sample customer; `controls` has the address of the simulator of each cabinet, by the cabinet's key. */
export function siteOfCustomer(customer: SampleCustomer, controls: ReadonlyMap<string, string>): ShiftSite {
  const ruled = ruledAssets(customer);
  return {
    cabinets: [...controls].map(([key, address]) => ({ key, control: httpControl(address) })),
    people: customer.people.map(({ name, badge, groups }) => ({ name, badge, groups })),
    items: customer.assets
      // Nobody takes a tool whose calibration is over; those with rules of their own are left to whoever tries them out.
      .filter((asset) => controls.has(asset.cabinet) && (asset.calibrationDueInDays ?? 1) > 0 && !ruled.has(asset.key))
      .map(({ epc, name, cabinet, groups }) => ({ epc, label: name, cabinet, groups })),
  };
}

/** The keys of the assets that more than their group decides about. */
function ruledAssets({ assets, rules }: SampleCustomer): ReadonlySet<string> {
  if (rules === undefined) return new Set();
  const models = new Set([...rules.itemRules, ...rules.grants].map(({ model }) => model));
  const named = [...rules.grants.flatMap(({ assets }) => assets ?? []), ...rules.kits.flatMap(keysOfKit)];
  return new Set([...named, ...assets.filter(({ model }) => models.has(model)).map(({ key }) => key)]);
}

const keysOfKit = ({ kit, children }: { kit: string; children: readonly string[] }): string[] => [kit, ...children];

/** Sends people to the cabinets, one at a time, until it is stopped. */
export function playShift(options: PlayShiftOptions): RunningShift {
  const { clock } = options;
  let stopped = false;
  let wake: () => void = () => {};
  const pause = (ms: number): Promise<void> => {
    if (stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = clock.startTimer('people take their time', ms, resolve);
      wake = () => {
        timer.cancel();
        resolve();
      };
    });
  };
  const over = play(options, { pause, isStopped: () => stopped }).catch((error: unknown) => {
    options.log.error({ detail: errorText(error) }, 'sim.shift.broken-off');
  });
  return {
    over,
    stop: () => {
      stopped = true;
      wake();
      return over;
    },
  };
}

interface Pacing {
  readonly pause: (ms: number) => Promise<void>;
  readonly isStopped: () => boolean;
}

async function play(options: PlayShiftOptions, pacing: Pacing): Promise<void> {
  const { site, log, random, everyMs = usualEveryMs, steps = Number.POSITIVE_INFINITY } = options;
  const items = await lookAround(site, log, pacing);
  const cabinets = site.cabinets.map(({ key }) => key);
  const plan = planShift({ random: random.fork('plan'), cabinets, people: site.people, items });
  const rests = random.fork('rests');
  let outcome: StepOutcome | undefined;
  for (let played = 0; played < steps && !pacing.isStopped(); played++) {
    const step = plan.next(outcome).value;
    outcome = await playLogged(step, { site, log, pacing });
    await pacing.pause(everyMs / 2 + below(rests, Math.max(1, everyMs)));
  }
}

async function playLogged(
  step: ShiftStep,
  { site, log, pacing }: { site: ShiftSite; log: Log; pacing: Pacing },
): Promise<StepOutcome> {
  const { cabinet, name, kind } = step;
  try {
    const played = await playStep(step, { control: controlOf(site, cabinet), pause: pacing.pause });
    const { ending, taken, broughtBack } = played;
    log.info({ cabinet, name, kind, ending, taken, broughtBack }, 'sim.shift.step-played');
    return played;
  } catch (error) {
    log.warn({ cabinet, name, kind, detail: errorText(error) }, 'sim.shift.step-broken-off');
    return { taken: [], broughtBack: [] };
  }
}

/** Looks where the items are; a simulator that is not there yet is asked again, unless the shift is stopped. */
async function lookAround(site: ShiftSite, log: Log, pacing: Pacing): Promise<readonly ShiftItem[]> {
  for (;;) {
    try {
      return await whereItemsAre(site);
    } catch (error) {
      if (pacing.isStopped()) return [];
      log.warn({ detail: errorText(error) }, 'sim.shift.look-around-broken-off');
      await pacing.pause(lookAgainMs);
    }
  }
}

/** The items of the site with their real places: a shift may begin with tools already out. */
async function whereItemsAre(site: ShiftSite): Promise<readonly ShiftItem[]> {
  const inside = new Set<string>();
  for (const { control } of site.cabinets) {
    for (const tag of (await control.state()).tags) if (tag.inside) inside.add(tag.epc);
  }
  return site.items.map((item) => ({ ...item, inside: inside.has(item.epc) }));
}

function controlOf(site: ShiftSite, key: string): SimControl {
  const cabinet = site.cabinets.find((candidate) => candidate.key === key);
  if (cabinet !== undefined) return cabinet.control;
  throw new AppError('bug.cabinet_unknown', `no cabinet ${key} in this shift`, { kind: 'bug' });
}
