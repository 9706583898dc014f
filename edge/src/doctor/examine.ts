import type { DeviceRole } from '@tagtrail/shared/events/trace-event.js';
import type { DoorState } from '@tagtrail/shared/mqtt/messages.js';
import { type Clock, repeat, sleep } from '@tagtrail/shared/time/clock.js';
import { badgeConfig, lockConfig, uhfConfig } from '../device-config.js';
import { createBadgeReader, createLockBoard, createUhfReader, type DriverPlatform } from '../device-drivers.js';
import type { Device, DeviceReport } from '../reader/reader.js';
import type { OpenLinkAt } from '../serial/open-link.js';

/** What was found out about a device through its own driver. */
export interface Examination {
  readonly role: DeviceRole;
  readonly driver: string;
  readonly report: DeviceReport;
  /** Of a UHF reader: how many reads came over each of its antennas, and how many tags. */
  readonly reads?: {
    readonly perAntenna: Readonly<Record<number, number>>;
    readonly tags: number;
    readonly ms: number;
  };
  /** Of a UHF reader that tells: how warm it is. */
  readonly celsius?: number;
  /** Of a UHF reader that tells: each antenna of the settings, and whether it senses it. */
  readonly sensed?: Readonly<Record<number, boolean>>;
  /** Of a lock board: what the contacts say, and whether each was seen to open and to close again. */
  readonly doors?: readonly { readonly door: number; readonly state: DoorState; readonly moved: boolean }[];
  /** Of a badge reader: whether a badge was read. */
  readonly badgeSeen?: boolean;
}

/** How long the doctor watches, in milliseconds. */
export interface Patience {
  /** For the first answer of a device. */
  readonly answerMs: number;
  /** For reads. */
  readonly readMs: number;
  /** For somebody to present a badge; 0 does not ask. */
  readonly badgeMs: number;
  /** For somebody to open and close a door; 0 does not ask. */
  readonly doorMs: number;
}

export interface ExamineOptions extends DriverPlatform {
  /** The settings of one device, its family under `driver`. */
  readonly settings: { readonly role: DeviceRole; readonly config: unknown };
  readonly openLink: OpenLinkAt;
  readonly patience: Patience;
  /** Asks the person in front of the cabinet for something. */
  readonly ask: (sentence: string) => void;
}

const lookMs = 50;

/** Runs the device's driver for a while; undefined for a family that this agent does not have. */
export async function examine(options: ExamineOptions): Promise<Examination | undefined> {
  switch (options.settings.role) {
    case 'uhf':
      return examineUhf(options);
    case 'lock':
      return examineLock(options);
    case 'badge':
      return examineBadge(options);
  }
}

async function examineUhf(options: ExamineOptions): Promise<Examination | undefined> {
  const config = uhfConfig.safeParse(options.settings.config);
  if (!config.success) return undefined;
  const watch = watchReport();
  const perAntenna: Record<number, number> = Object.fromEntries(config.data.antennas.map((antenna) => [antenna, 0]));
  const tags = new Set<string>();
  const told: { celsius?: number; sensed?: Record<number, boolean> } = {};
  const device = createUhfReader(config.data, {
    ...options,
    listener: {
      onRead: ({ antenna, epc, count }) => {
        perAntenna[antenna] = (perAntenna[antenna] ?? 0) + count;
        tags.add(epc);
      },
      onRoundEnd: () => {},
      onReport: watch.onReport,
      onTemperature: (celsius) => {
        told.celsius = celsius;
      },
      onAntennasSensed: (sensed) => {
        told.sensed = Object.fromEntries(config.data.antennas.map((one) => [one, sensed.includes(one)]));
      },
    },
  });
  return running(device, async () => {
    await answered(options, watch.report);
    const base = { role: 'uhf', driver: config.data.driver } as const;
    if (watch.report().status !== 'ok') return { ...base, report: watch.report() };
    await sleep(options.clock, 'doctor.reads', options.patience.readMs);
    return {
      ...base,
      ...told,
      report: watch.report(),
      reads: { perAntenna, tags: tags.size, ms: options.patience.readMs },
    };
  });
}

async function examineLock(options: ExamineOptions): Promise<Examination | undefined> {
  const config = lockConfig.safeParse(options.settings.config);
  if (!config.success) return undefined;
  const watch = watchReport();
  const seen = new Map<number, DoorState[]>(config.data.doors.map(({ door }) => [door, []]));
  const device = createLockBoard(config.data, {
    ...options,
    listener: { onDoor: (door, state) => seen.get(door)?.push(state), onReport: watch.onReport },
  });
  const told = (): boolean => [...seen.values()].every((states) => states.some((state) => state !== 'unknown'));
  return running(device, async () => {
    await answered(options, watch.report);
    const base = { role: 'lock', driver: config.data.driver } as const;
    if (watch.report().status !== 'ok') return { ...base, report: watch.report() };
    await until(options.clock, told, options.patience.answerMs);
    const doors = [];
    for (const [door, states] of seen) {
      const state = states.at(-1) ?? 'unknown';
      const wantsMove = options.patience.doorMs > 0 && state === 'closed';
      if (wantsMove) options.ask(`Open door ${door} and close it again.`);
      const from = states.length;
      const hasMoved = (): boolean => states.slice(from).includes('open') && states.at(-1) === 'closed';
      if (wantsMove) await until(options.clock, hasMoved, options.patience.doorMs);
      doors.push({ door, state, moved: hasMoved() });
    }
    return { ...base, report: watch.report(), doors };
  });
}

async function examineBadge(options: ExamineOptions): Promise<Examination | undefined> {
  const config = badgeConfig.safeParse(options.settings.config);
  if (!config.success) return undefined;
  const watch = watchReport();
  let badgeSeen = false;
  const device = createBadgeReader(config.data, {
    ...options,
    listener: {
      onBadge: () => {
        badgeSeen = true;
      },
      onReport: watch.onReport,
    },
  });
  return running(device, async () => {
    await answered(options, watch.report);
    const base = { role: 'badge', driver: config.data.driver } as const;
    if (watch.report().status !== 'ok' || options.patience.badgeMs === 0) return { ...base, report: watch.report() };
    options.ask('Present a badge to the badge reader.');
    await until(options.clock, () => badgeSeen || watch.report().status !== 'ok', options.patience.badgeMs);
    return { ...base, report: watch.report(), badgeSeen };
  });
}

function watchReport() {
  let report: DeviceReport = { status: 'starting', detail: null };
  return {
    report: () => report,
    onReport: (told: DeviceReport): void => {
      report = told;
    },
  };
}

async function running<T>(device: Device, work: () => Promise<T>): Promise<T> {
  device.start();
  try {
    return await work();
  } finally {
    await device.close();
  }
}

/** The first word about the device; a reader that is found at another speed has taken its time. */
function answered({ clock, patience }: ExamineOptions, report: () => DeviceReport): Promise<void> {
  return until(clock, () => report().status !== 'starting', patience.answerMs);
}

/** Resolves when `holds`, or `withinMs` later. */
function until(clock: Clock, holds: () => boolean, withinMs: number): Promise<void> {
  const end = clock.monotonicMs() + withinMs;
  return new Promise((resolve) => {
    const looking = repeat(clock, 'doctor.look', lookMs, () => {
      if (!holds() && clock.monotonicMs() < end) return;
      looking.cancel();
      resolve();
    });
  });
}
