import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { askBehaviours, type BehaviourStack } from './behaviour.js';

/**
 * A door with a cam latch and a contact. Driving the lock draws the bolt; it catches again when the
 * door is closed, or, when nobody opens, once the drive has ended and `relockAfterMs` have passed.
 */
export interface Door {
  readonly id: number;
  isOpen(): boolean;
  isLocked(): boolean;
  /** What the switch on the frame tells the board; a stuck one tells something else than the truth. */
  contactClosed(): boolean;
  /** The relay of the lock was switched. */
  drive(on: boolean): void;
  /** Pulls at the door. `force` breaks it open. A locked door stays closed. */
  open(force: boolean): 'opened' | 'already-open' | 'locked';
  close(): 'closed' | 'already-closed';
  powerOff(): void;
}

export interface DoorOptions {
  readonly id: number;
  readonly clock: Clock;
  readonly behaviours: BehaviourStack;
  readonly relockAfterMs: number;
  /** The door was opened or closed, or its contact tells something else now. */
  readonly onContact: () => void;
}

export function createDoor({ id, clock, behaviours, relockAfterMs, onContact }: DoorOptions): Door {
  let open = false;
  let driven = false;
  let released = false;
  let relock: Timer | undefined;

  const catchBolt = (): void => {
    relock?.cancel();
    relock = undefined;
    released = false;
  };

  const drive = (on: boolean): void => {
    if (on === driven) return;
    driven = on;
    if (on) {
      const gives =
        askBehaviours(
          behaviours,
          (behaviour) => behaviour.release?.(id),
          () => true,
        ) ?? false;
      if (!gives) return;
      released = true;
      relock?.cancel();
      relock = clock.startTimer(`door ${id} relocks`, relockAfterMs, () => {
        relock = undefined;
        if (!open && !driven) released = false;
      });
    } else if (relock === undefined && !open) {
      released = false;
    }
  };

  return {
    id,
    isOpen: () => open,
    isLocked: () => !open && !released,
    contactClosed: () =>
      askBehaviours(
        behaviours,
        (behaviour) => behaviour.contact?.(id),
        () => !open,
      ) ?? !open,
    drive,
    open: (force) => {
      if (open) return 'already-open';
      if (!released && !force) return 'locked';
      open = true;
      onContact();
      return 'opened';
    },
    close: () => {
      if (!open) return 'already-closed';
      open = false;
      catchBolt();
      onContact();
      return 'closed';
    },
    powerOff: catchBolt,
  };
}
