import { errorText } from '@tagtrail/shared/error.js';
import type { DeviceRole } from '@tagtrail/shared/events/trace-event.js';
import { probeBauds } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import type { DriverPlatform } from '../device-drivers.js';
import type { OpenLinkAt } from '../serial/open-link.js';
import { type Examination, examine, type Patience } from './examine.js';
import { type Finding, findingsOf } from './findings.js';

export interface ProbeOptions extends DriverPlatform {
  readonly openLink: (path: string) => OpenLinkAt;
  readonly patience: Patience;
  readonly ask: (sentence: string) => void;
}

/**
 * Families that answer when they are asked, the most common first. One that this agent has no
 * driver for is passed over.
 */
const answering: readonly { readonly role: DeviceRole; readonly driver: string }[] = [
  { role: 'uhf', driver: 'mercury' },
  { role: 'lock', driver: 'modbus' },
  { role: 'uhf', driver: 'chafon' },
  { role: 'uhf', driver: 'm100' },
  { role: 'lock', driver: 'kerong-cu16' },
  { role: 'lock', driver: 'kerong-cu48' },
  { role: 'badge', driver: 'osdp' },
];

/** What is on a port, and how well it works. */
export interface ProbedPort {
  readonly device: { readonly role: DeviceRole; readonly driver: string } | null;
  readonly findings: readonly Finding[];
}

/** Finds out what is on the port `path` by asking it in each family's own way, and then by listening. */
export async function probePort(path: string, options: ProbeOptions): Promise<ProbedPort> {
  const refused = await opens(path, options);
  if (refused !== undefined) {
    return { device: null, findings: [{ about: path, ok: false, found: `${path} does not open.`, next: refused }] };
  }
  const quick: Patience = { ...options.patience, readMs: 0, badgeMs: 0, doorMs: 0 };
  for (const { role, driver } of answering) {
    const found = await examineAt(path, { role, driver }, { ...options, patience: quick });
    // A device that refuses a setting has answered, too: its sentence says what is wrong with it.
    if (found?.report.status !== 'ok' && found?.report.status !== 'faulty') continue;
    const whole = await examineAt(path, { role, driver }, options);
    return { device: { role, driver }, findings: whole === undefined ? [] : findingsOf(path, whole) };
  }
  return await listen(path, options);
}

/** A badge reader of the simple kind says nothing until a badge is there. */
async function listen(path: string, options: ProbeOptions): Promise<ProbedPort> {
  const heard = await examineAt(path, { role: 'badge', driver: 'rdm6300' }, options);
  if (heard?.badgeSeen === true) {
    return { device: { role: 'badge', driver: 'rdm6300' }, findings: findingsOf(path, heard) };
  }
  const next =
    'If a badge reader is on it, run this again and present a badge when asked. Else check power and cable of what is on it.';
  return { device: null, findings: [{ about: path, ok: false, found: `Nothing on ${path} answers.`, next }] };
}

function examineAt(
  path: string,
  { role, driver }: { role: DeviceRole; driver: string },
  options: ProbeOptions,
): Promise<Examination | undefined> {
  return examine({ ...options, openLink: options.openLink(path), settings: { role, config: { driver, path } } });
}

async function opens(path: string, { openLink }: ProbeOptions): Promise<string | undefined> {
  try {
    const link = await openLink(path)(probeBauds[0] ?? 115_200);
    await link.close();
    return undefined;
  } catch (error) {
    const text = errorText(error);
    return /permission|EACCES/i.test(text) ? `${text}. Add this user to the group of the port (dialout).` : text;
  }
}
