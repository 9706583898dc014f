import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { z } from 'zod';
import type { Behaviour, BehaviourStack } from '../devices/behaviour.js';

/** The devices of a cabinet that something can go wrong with. */
export type FaultyDevice = 'uhf' | 'badge' | 'lock';

/** What a fault may lay its hands on. */
export interface FaultTarget {
  readonly behaviours: BehaviourStack;
  readonly cable: { plug(): void; unplug(): void };
  readonly power: { on(): void; off(): void };
  readonly clock: Clock;
  /** Dice of this one fault. */
  readonly random: Random;
  readonly antennas: number;
  /** Puts bytes on the line to the host that the device never sent. */
  inject(bytes: Uint8Array): void;
  /** Screws the cable of an antenna on or off. */
  connectAntenna(antenna: number, connected: boolean): void;
  /** Door contacts may tell something else now. */
  contactsChanged(): void;
}

/** Something that goes wrong, by name. */
export interface Fault {
  readonly name: string;
  /** Other names by which people ask for it. */
  readonly also: readonly string[];
  /** What it does, for the person who chooses it. */
  readonly sentence: string;
  readonly devices: readonly FaultyDevice[];
  readonly options: z.ZodType;
  /** Begins with checked options; returns what ends it. */
  begin(options: unknown, target: FaultTarget): () => void;
}

interface FaultDefinition<S extends z.ZodType> {
  readonly name: string;
  readonly also?: readonly string[];
  readonly sentence: string;
  readonly devices: readonly FaultyDevice[];
  readonly options: S;
  readonly begin: (options: z.output<S>, target: FaultTarget) => () => void;
}

/** A fault whose options have the type that its schema says. */
export function defineFault<S extends z.ZodType>(definition: FaultDefinition<S>): Fault {
  return {
    ...definition,
    also: definition.also ?? [],
    begin: (options, target) => definition.begin(options as z.output<S>, target),
  };
}

/** A fault that is one behaviour, laid over the device for as long as it lasts. */
export function defineBehaviour<S extends z.ZodType>(
  definition: Omit<FaultDefinition<S>, 'begin'> & {
    readonly behave: (options: z.output<S>, target: FaultTarget) => Omit<Behaviour, 'name'>;
  },
): Fault {
  const { behave, ...rest } = definition;
  return defineFault({
    ...rest,
    begin: (options, target) => target.behaviours.push({ name: definition.name, ...behave(options, target) }),
  });
}

export const allDevices: readonly FaultyDevice[] = ['uhf', 'badge', 'lock'];
