import type { CabinetState } from '@tagtrail/shared/simulator/control-protocol.js';
import type { ShiftStep, StepOutcome } from './shift-plan.js';
import type { SimControl } from './sim-control.js';

/** How a step ended, for the log; what was moved, for the plan. */
export interface StepPlayed extends StepOutcome {
  readonly ending: 'done' | 'refused' | 'not opened' | 'broken off';
}

export interface ActorOptions {
  readonly control: SimControl;
  /** Waits; returns early when the shift is being stopped. */
  readonly pause: (ms: number) => Promise<void>;
}

const lookAgainMs = 200;
/** A person gives up on a door that stays locked so long. */
const patienceMs = 4000;
const unknownPatienceMs = 1500;
const handleMs = 900;
const closeTries = 3;

/**
 * Plays one person at one cabinet. The door is closed at the end whatever happens; a door that
 * stays locked is left alone, and the person walks away. A control that is lost on the way breaks
 * the step off; what was moved until then is told.
 * @throws AppError `sim.control_lost`, `sim.control_refused`.
 */
export async function playStep(step: ShiftStep, { control, pause }: ActorOptions): Promise<StepPlayed> {
  const nothing = { taken: [], broughtBack: [] };
  const before = await control.state();
  // Somebody else is at it: nobody reaches into a cabinet that a colleague has unlocked or open.
  if (before.doors.some((door) => door.open || !door.locked)) return { ...nothing, ending: 'refused' };
  await control.badge(step.badge);
  const door = await unlockedDoor(control, pause, step.kind === 'unknown-badge' ? unknownPatienceMs : patienceMs);
  if (door === undefined) return { ...nothing, ending: 'refused' };
  if (step.kind !== 'visit') return { ...nothing, ending: 'not opened' };
  if (!(await control.openDoor(door))) return { ...nothing, ending: 'refused' };
  const moved: { taken: string[]; broughtBack: string[] } = { taken: [], broughtBack: [] };
  const whole = await moveItems(step, moved, { control, pause }).then(
    () => true,
    () => false,
  );
  const closed = await closeSurely(control, door, pause);
  return { ...moved, ending: whole && closed ? 'done' : 'broken off' };
}

async function unlockedDoor(
  control: SimControl,
  pause: ActorOptions['pause'],
  forMs: number,
): Promise<number | undefined> {
  for (let waitedMs = 0; waitedMs <= forMs; waitedMs += lookAgainMs) {
    const door = (await control.state()).doors.find(({ locked }) => !locked);
    if (door !== undefined) return door.id;
    await pause(lookAgainMs);
  }
  return undefined;
}

/** Moves what the step says, noting each item in `moved` as soon as it is moved. */
async function moveItems(
  step: ShiftStep,
  moved: { readonly taken: string[]; readonly broughtBack: string[] },
  { control, pause }: ActorOptions,
): Promise<void> {
  const { tags } = await control.state();
  await pause(handleMs);
  for (const epc of step.bringBack.filter((one) => !isInside(tags, one))) {
    await control.placeTag(epc, true);
    moved.broughtBack.push(epc);
    await pause(handleMs);
  }
  for (const epc of step.take.filter((one) => isInside(tags, one))) {
    await control.placeTag(epc, false);
    moved.taken.push(epc);
    await pause(handleMs);
  }
}

/** A control that is just being started again gets more than one chance. */
async function closeSurely(control: SimControl, door: number, pause: ActorOptions['pause']): Promise<boolean> {
  for (let tries = 0; tries < closeTries; tries++) {
    const closed = await control.closeDoor(door).then(
      () => true,
      () => false,
    );
    if (closed) return true;
    await pause(lookAgainMs);
  }
  return false;
}

function isInside(tags: CabinetState['tags'], epc: string): boolean {
  return tags.some((tag) => tag.epc === epc && tag.inside);
}
