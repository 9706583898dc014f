import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { answer, type BehaviourStack, createBehaviourStack } from './behaviour.js';
import { createDoor, type Door } from './door.js';

describe('createDoor', () => {
  let clock: VirtualClock;
  let behaviours: BehaviourStack;
  let contacts: boolean[];
  let door: Door;

  beforeEach(() => {
    clock = new VirtualClock();
    behaviours = createBehaviourStack();
    contacts = [];
    door = createDoor({
      id: 1,
      clock,
      behaviours,
      relockAfterMs: 5000,
      onContact: () => contacts.push(door.contactClosed()),
    });
  });

  it('stays closed while it is locked', () => {
    expect(door.open(false)).toBe('locked');
    expect(door.isOpen()).toBe(false);
    expect(contacts).toEqual([]);
  });

  it('opens after its lock was driven, also when the drive has ended since', async () => {
    door.drive(true);
    await clock.advance(500);
    door.drive(false);
    await clock.advance(2000);
    expect(door.open(false)).toBe('opened');
    expect(contacts).toEqual([false]);
  });

  it('locks when it is closed', () => {
    door.drive(true);
    door.open(false);
    expect(door.close()).toBe('closed');
    expect(door.isLocked()).toBe(true);
    expect(door.open(false)).toBe('locked');
    expect(contacts).toEqual([false, true]);
  });

  it('locks again when nobody opens it', async () => {
    door.drive(true);
    await clock.advance(3000);
    door.drive(false);
    expect(door.isLocked()).toBe(false);
    await clock.advance(2000);
    expect(door.isLocked()).toBe(true);
  });

  it('stays unlocked for as long as its lock is driven', async () => {
    door.drive(true);
    await clock.advance(60_000);
    expect(door.isLocked()).toBe(false);
    door.drive(false);
    expect(door.isLocked()).toBe(true);
  });

  it('can be broken open', () => {
    expect(door.open(true)).toBe('opened');
    expect(door.open(true)).toBe('already-open');
  });

  it('does not give way when its bolt is jammed', () => {
    behaviours.push({ name: 'jam', release: () => answer(false) });
    door.drive(true);
    expect(door.open(false)).toBe('locked');
  });

  it('tells what a stuck contact tells', () => {
    behaviours.push({ name: 'stuck', contact: () => answer(true) });
    door.open(true);
    expect(door.isOpen()).toBe(true);
    expect(door.contactClosed()).toBe(true);
  });
});
