import { AppError } from '@tagtrail/shared/error.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';
import { faults, findFault } from '../behaviours/catalogue.js';
import type { Fault, FaultTarget } from '../behaviours/fault.js';
import { type DeviceName, deviceNames } from './cabinet-file.js';

export interface FaultRequest {
  readonly fault: string;
  /** May be left out when only one device can have the fault. */
  readonly device?: DeviceName;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The fault ends by itself after this; it stays until it is ended when left out. */
  readonly forMs?: number;
}

export interface ActiveFault {
  readonly fault: string;
  readonly options: unknown;
  /** Monotonic milliseconds left; null when it stays until it is ended. */
  readonly leftMs: number | null;
}

/** What is wrong with the devices of a cabinet right now. */
export interface ActiveFaults {
  /**
   * Begins a fault, in place of the same one on the same device.
   * @throws AppError `fault.unknown`, `fault.device_needed`, `fault.device_unfit`, `fault.options_invalid`.
   */
  begin(request: FaultRequest): void;
  /** Ends a fault; one that is not there is no error. @throws AppError as `begin`, except for options. */
  end(request: FaultRequest): void;
  endAll(): void;
  of(device: DeviceName): readonly ActiveFault[];
}

interface Running {
  readonly device: DeviceName;
  readonly fault: Fault;
  readonly options: unknown;
  readonly endsAtMs: number | null;
  readonly end: () => void;
  readonly timer: Timer | undefined;
}

export interface ActiveFaultsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly targets: Readonly<Record<DeviceName, Omit<FaultTarget, 'random' | 'clock'>>>;
}

export function createActiveFaults({ clock, random, targets }: ActiveFaultsOptions): ActiveFaults {
  let running: readonly Running[] = [];
  let begun = 0;

  const endOne = (one: Running): void => {
    if (!running.includes(one)) return;
    running = running.filter((other) => other !== one);
    one.timer?.cancel();
    one.end();
  };
  const find = (fault: Fault, device: DeviceName): Running | undefined =>
    running.find((one) => one.fault === fault && one.device === device);

  return {
    begin: (request) => {
      const { fault, device } = chooseFault(request);
      const options = checkOptions(fault, request.options ?? {});
      const same = find(fault, device);
      if (same !== undefined) endOne(same);
      const end = fault.begin(options, { ...targets[device], clock, random: random.fork(`${begun++}/${fault.name}`) });
      const { forMs } = request;
      const endsAtMs = forMs === undefined ? null : clock.monotonicMs() + forMs;
      const timer =
        forMs === undefined
          ? undefined
          : clock.startTimer(`${fault.name} ends`, forMs, () => {
              endOne(one);
            });
      const one: Running = { device, fault, options, end, endsAtMs, timer };
      running = [...running, one];
    },
    end: (request) => {
      const { fault, device } = chooseFault(request);
      const one = find(fault, device);
      if (one !== undefined) endOne(one);
    },
    endAll: () => {
      for (const one of [...running].reverse()) endOne(one);
    },
    of: (device) =>
      running
        .filter((one) => one.device === device)
        .map(({ fault, options, endsAtMs }) => ({
          fault: fault.name,
          options,
          leftMs: endsAtMs === null ? null : Math.max(0, Math.round(endsAtMs - clock.monotonicMs())),
        })),
  };
}

function chooseFault(request: FaultRequest): { fault: Fault; device: DeviceName } {
  const fault = findFault(request.fault);
  if (fault === undefined) {
    throw new AppError(
      'fault.unknown',
      `There is no fault "${request.fault.slice(0, 40)}". Choose one of: ${faults.map(({ name }) => name).join(', ')}.`,
      { kind: 'operator' },
    );
  }
  const device = request.device ?? (fault.devices.length === 1 ? fault.devices[0] : undefined);
  if (device === undefined) {
    throw new AppError(
      'fault.device_needed',
      `Say which device: "device": ${fault.devices.map((name) => `"${name}"`).join(' or ')}.`,
      { kind: 'operator' },
    );
  }
  if (!deviceNames.includes(device) || !fault.devices.includes(device)) {
    throw new AppError(
      'fault.device_unfit',
      `The fault ${fault.name} is one of ${fault.devices.join(', ')}, not of ${device}.`,
      { kind: 'operator' },
    );
  }
  return { fault, device };
}

function checkOptions(fault: Fault, options: Readonly<Record<string, unknown>>): unknown {
  const result = fault.options.safeParse(options);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`);
  throw new AppError('fault.options_invalid', `Options of ${fault.name}: ${problems.join('; ')}.`, {
    kind: 'operator',
  });
}
