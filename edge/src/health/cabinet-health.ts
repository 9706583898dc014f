import type { DeviceRole } from '@tagtrail/shared/events/trace-event.js';
import type { SessionId } from '@tagtrail/shared/ids.js';
import type { DeviceHealth, DoorState, StateMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { DeviceReport } from '../reader/reader.js';

/** What the cabinet knows of its own parts. A value; every change makes a new one. */
export interface CabinetHealth {
  readonly devices: Readonly<Record<DeviceRole, DeviceHealth>>;
  readonly doors: readonly { readonly door: number; readonly state: DoorState }[];
}

/** Nothing has reported yet: nothing is known, and nothing is called good. */
export function newHealth(doors: readonly number[], atIso: string): CabinetHealth {
  const starting: DeviceHealth = { status: 'starting', since: atIso, detail: null };
  return {
    devices: { uhf: starting, badge: starting, lock: starting },
    doors: [...doors].sort((a, b) => a - b).map((door) => ({ door, state: 'unknown' as const })),
  };
}

/** `since` is the time of the last change of status; a new detail alone does not move it. */
export function withReport(
  health: CabinetHealth,
  device: DeviceRole,
  { report, atIso }: { readonly report: DeviceReport; readonly atIso: string },
): CabinetHealth {
  const before = health.devices[device];
  const since = before.status === report.status ? before.since : atIso;
  const now: DeviceHealth = { status: report.status, since, detail: report.detail?.slice(0, 200) ?? null };
  return { ...health, devices: { ...health.devices, [device]: now } };
}

export function withDoor(health: CabinetHealth, door: number, state: DoorState): CabinetHealth {
  return { ...health, doors: health.doors.map((one) => (one.door === door ? { door, state } : one)) };
}

/** Devices that do not work, `starting` included: what is not known to be good is not good. */
export function faultyDevices(health: CabinetHealth): readonly DeviceRole[] {
  return (Object.keys(health.devices) as DeviceRole[]).filter((role) => health.devices[role].status !== 'ok');
}

export interface StateFacts {
  readonly atIso: string;
  readonly pending: { readonly count: number; readonly oldestAt: string | null };
  readonly rulebookVersion: number;
  readonly session: SessionId | null;
  readonly phase: string;
  /** Items inside, as of the last settled count. */
  readonly present: number;
}

/** What is wrong with the agent itself rather than with a device. */
export type AgentFault = NonNullable<Extract<StateMessage, { online: true }>['faults']>[number];

/** What the cabinet tells the cloud about itself. */
export function onlineState(health: CabinetHealth, facts: StateFacts): Extract<StateMessage, { online: true }> {
  return {
    v: 1,
    online: true,
    at: facts.atIso,
    pending: facts.pending.count,
    oldestPendingAt: facts.pending.oldestAt,
    rulebook: facts.rulebookVersion,
    devices: { ...health.devices },
    doors: [...health.doors],
    session: facts.session,
    phase: facts.phase.slice(0, 200),
    present: facts.present,
  };
}
