import type { TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { nameIn } from '../world/cast.js';
import type { World } from '../world/world.js';
import type { Expectation, ExpectedLine, SeenExpectation } from './step.js';

/** Whether an expectation holds now. `since` are the events since the last act. */
export async function holds(
  expectation: SeenExpectation,
  world: World,
  since: readonly TraceEvent[],
): Promise<boolean> {
  const { cast, cloud, machine } = world;
  switch (expectation.kind) {
    case 'not':
      return !(await holds(expectation.expectation, world, since));
    case 'answer':
    case 'found':
    case 'my data':
    case 'notice':
      return await screenSays(expectation, world);
    case 'dispute settled':
      return since.some(
        ({ kind, data }) =>
          kind === 'dispute.settled' &&
          data.epc === world.toolOf(expectation.tool).epc &&
          data.outcome === expectation.outcome,
      );
    case 'line':
      return since.some((event) => isLine(expectation.line, event, world));
    case 'no line':
      return !since.some((event) =>
        isAbout(event, expectation.tool === null ? null : world.toolOf(expectation.tool).epc),
      );
    case 'no event':
      return !since.some((event) => event.kind === expectation.event);
    case 'event':
      return since.some((event) => isEvent(expectation, event, world));
    case 'refused':
      return since.some(
        ({ kind, data }) =>
          (kind === 'badge.refused' || kind === 'pin.refused') && data.refusal === expectation.refusal,
      );
    case 'screen':
      return machine.screen()?.phase === expectation.phase;
    case 'holder': {
      const custody = cloud.custody().of(world.toolOf(expectation.tool).id);
      const holder = custody?.state === 'out' ? custody.holder : null;
      return (holder === null ? null : nameIn(cast, holder)) === expectation.who;
    }
    case 'inside':
    case 'missing':
      return lastListed(world, expectation.kind).includes(world.toolOf(expectation.tool).epc);
    case 'door': {
      const door = world.cabinet.doors().find(({ id }) => id === expectation.door);
      return door?.isLocked() === expectation.locked;
    }
    case 'cloud complete':
      return machine.pending() === 0 && cloud.entries.length >= machine.events.length;
    case 'pending':
      return (machine.pending() ?? 0) >= expectation.atLeast;
    case 'online':
      return machine.screen() !== undefined && (machine.screen()?.offlineSince === null) === expectation.online;
    case 'device': {
      const fault = machine.screen()?.faults.find(({ device }) => device === expectation.device);
      return (fault?.status ?? 'ok') === expectation.status;
    }
    case 'fault told': {
      const state = cloud.cabinetState();
      return state?.online === true && state.faults?.some(({ part }) => part === expectation.part) === true;
    }
  }
}

/** These must stay so for the whole time that they name. */
export function mustLast(expectation: SeenExpectation): boolean {
  return expectation.kind === 'not' || expectation.kind === 'no line' || expectation.kind === 'no event';
}

function isLine(line: ExpectedLine, event: TraceEvent, world: World): boolean {
  if (!isAbout(event, world.toolOf(line.tool).epc)) return false;
  const actor = event.actor === undefined ? null : nameIn(world.cast, event.actor);
  if (line.by !== undefined && line.by !== actor) return false;
  const order = world.cast.orders.find((one) => one.order === event.order)?.number;
  if (line.order !== undefined && line.order !== order) return false;
  if (event.kind === 'asset.checked_out') {
    const { authority, disputed } = event.data;
    return (
      line.movement === 'taken' &&
      (line.authority === undefined || line.authority === authority) &&
      (line.disputed === undefined || line.disputed === disputed)
    );
  }
  if (event.kind !== 'asset.returned' || line.movement !== 'returned') return false;
  const { takenBy, disputed } = event.data;
  return (
    (line.takenBy === undefined || (takenBy !== null && nameIn(world.cast, takenBy) === line.takenBy)) &&
    (line.disputed === undefined || line.disputed === disputed)
  );
}

function isAbout(event: TraceEvent, epc: string | null): boolean {
  if (event.kind !== 'asset.checked_out' && event.kind !== 'asset.returned') return false;
  return epc === null || event.data.epc === epc;
}

function isEvent(expected: Extract<Expectation, { kind: 'event' }>, event: TraceEvent, world: World): boolean {
  if (event.kind !== expected.event) return false;
  const { device, tool, by } = expected;
  if (device !== null && !('device' in event.data && event.data.device === device)) return false;
  if (tool !== null && !('epc' in event.data && event.data.epc === world.toolOf(tool).epc)) return false;
  return by === null || nameIn(world.cast, event.actor) === by;
}

type ScreenExpectation = Extract<Expectation, { kind: 'answer' | 'found' | 'my data' | 'notice' }>;

async function screenSays(expectation: ScreenExpectation, { machine, screen, toolOf }: World): Promise<boolean> {
  switch (expectation.kind) {
    case 'answer': {
      const answer = screen.lastAnswer();
      return answer !== undefined && (answer.ok ? 'ok' : answer.code) === expectation.code;
    }
    case 'found': {
      const { epc, name } = toolOf(expectation.tool);
      const answer = await machine.desk()?.find({ text: name });
      const found =
        answer !== undefined && 'items' in answer ? answer.items.find((item) => item.epc === epc) : undefined;
      return found?.where === expectation.where && (found.forbidden?.reason ?? null) === expectation.forbidden;
    }
    case 'my data': {
      const answer = await machine.desk()?.myData({});
      if (answer === undefined || !('holding' in answer)) return false;
      const held = answer.holding.map(({ name }) => name);
      return held.sort().join() === [...expectation.tools].sort().join();
    }
    case 'notice':
      return machine.screen()?.desk?.notice?.acknowledged === expectation.read;
  }
}

function lastListed({ machine }: World, list: 'inside' | 'missing'): readonly string[] {
  for (let index = machine.events.length - 1; index >= 0; index--) {
    const event = machine.events[index]?.event;
    if (event?.kind === 'inventory.settled') return list === 'inside' ? event.data.present : event.data.missing;
  }
  return [];
}
