import { unreachable } from '@tagtrail/shared/assert.js';
import { AppError } from '@tagtrail/shared/error.js';
import type { ScreenAnswer } from '../world/screen.js';
import type { World } from '../world/world.js';
import type { Tap } from './step.js';

/** Somebody types the next PIN after this. */
const pinAgainMs = 2_000;

/**
 * Does at the screen what a step says.
 * @throws AppError `scenario.tap_refused` when the agent refuses it and it was not only `tried`; `world.impossible`.
 */
export async function playTap(world: World, tap: Tap, tried: boolean): Promise<void> {
  const answer = await ask(world, tap);
  if (answer.ok || tried) return;
  const sentence = `the screen refuses it: ${answer.code}; write "try" before it when it ought to`;
  throw new AppError('scenario.tap_refused', sentence, { kind: 'operator' });
}

function ask(world: World, tap: Tap): Promise<ScreenAnswer> {
  const { screen } = world;
  const epcOf = (tool: string): string => world.toolOf(tool).epc;
  const note = 'said at the cabinet';
  switch (tap.kind) {
    case 'pin':
      return typePins(world, tap);
    case 'order':
      return screen.tap('order', { order: tap.number === null ? null : orderOf(world, tap.number) });
    case 'dispute':
      return screen.tap('dispute', { epc: epcOf(tap.tool) });
    case 'report':
      return screen.tap('report', { epc: epcOf(tap.tool), what: tap.what, note });
    case 'search':
      return screen.tap('search', { action: 'start', epc: epcOf(tap.tool) });
    case 'end search':
      return screen.tap('search', { action: 'close', epc: epcOf(tap.tool), outcome: tap.outcome, note });
    case 'hand over':
      return screen.tap('handOver', { epcs: tap.tools.map(epcOf) });
    case 'shift end': {
      const decisions = tap.decisions.map(([tool, decision]) => ({ epc: epcOf(tool), decision, note: null }));
      return screen.tap('shiftEnd', { decisions });
    }
    case 'return only':
      return screen.tap('returnOnly', { epcs: tap.tools.map(epcOf) });
    case 'acknowledge':
      return screen.tap('notice', { version: world.machine.screen()?.desk?.notice?.version ?? 1 });
    default:
      return unreachable(tap);
  }
}

async function typePins(world: World, { who, right, times }: Extract<Tap, { kind: 'pin' }>): Promise<ScreenAnswer> {
  let answer = await world.typePin(who, right);
  for (let typed = 1; typed < times; typed++) {
    await world.clock.advance(pinAgainMs);
    answer = await world.typePin(who, right);
  }
  return answer;
}

function orderOf({ cast }: World, number: string) {
  const order = cast.orders.find((one) => one.number === number)?.order;
  if (order !== undefined) return order;
  const known = cast.orders.map((one) => one.number).join(', ');
  throw new AppError('world.impossible', `there is no order ${number}; there are ${known}`, { kind: 'operator' });
}
