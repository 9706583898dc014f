import type { DeviceRole } from '@tagtrail/shared/events/trace-event.js';
import type { Examination } from './examine.js';

/** One thing that the doctor looked at, in words for the person in front of the cabinet. */
export interface Finding {
  /** What it is about: a port, a device, a file. */
  readonly about: string;
  readonly ok: boolean;
  /** What was found, in one sentence. */
  readonly found: string;
  /** What to do next; null when nothing is to be done. */
  readonly next: string | null;
}

/** A finding for a person: one line, and its next step under it. */
export function findingLines({ ok, found, next }: Finding): readonly string[] {
  return [`${ok ? 'good ' : 'WRONG'}  ${found}`, ...(next === null ? [] : [`       ${next}`])];
}

export const roleNames: Readonly<Record<DeviceRole, string>> = {
  uhf: 'UHF reader',
  badge: 'badge reader',
  lock: 'lock board',
};

/** What an examination means. */
export function findingsOf(where: string, examined: Examination): readonly Finding[] {
  const about = `${roleNames[examined.role]} at ${where}`;
  const { status, detail } = examined.report;
  const name = `The ${roleNames[examined.role]} (${examined.driver})`;
  if (status !== 'ok') {
    return [{ about, ok: false, found: `${name} does not work: ${status}.`, next: detail ?? remedies[examined.role] }];
  }
  const works: Finding = { about, ok: detail === null, found: `${name} answers.`, next: detail };
  return [
    works,
    ...heatFindings(about, examined),
    ...sensedFindings(about, examined),
    ...readFindings(about, examined),
    ...doorFindings(about, examined),
    ...badgeFindings(about, examined),
  ];
}

const remedies: Readonly<Record<DeviceRole, string>> = {
  uhf: 'Check the power of the reader and its serial cable.',
  badge: 'Check the power of the badge reader and its wire to the receive line.',
  lock: 'Check the power of the board, that A and B of RS-485 are not crossed, and its address.',
};

/** From here on a reader is near the 85 degrees at which it pauses. */
const hotCelsius = 75;

function heatFindings(about: string, { celsius }: Examination): readonly Finding[] {
  if (celsius === undefined) return [];
  const ok = celsius < hotCelsius;
  const next = ok ? null : 'It pauses when it gets hotter: check its cooling, and that nothing covers it.';
  return [{ about, ok, found: `The reader is at ${celsius} degrees Celsius.`, next }];
}

function sensedFindings(about: string, { sensed = {} }: Examination): readonly Finding[] {
  return Object.entries(sensed).map(([antenna, ok]) => ({
    about: `${about}, antenna ${antenna}`,
    ok,
    found: ok ? `Antenna ${antenna} is connected.` : `Antenna ${antenna} is not sensed.`,
    next: ok ? null : `Check the cable of antenna ${antenna}, unless this kind of antenna cannot be sensed.`,
  }));
}

function readFindings(about: string, { reads }: Examination): readonly Finding[] {
  if (reads === undefined) return [];
  return Object.entries(reads.perAntenna).map(([antenna, count]) => {
    const perSecond = Math.round((count * 10_000) / reads.ms) / 10;
    return {
      about: `${about}, antenna ${antenna}`,
      ok: count > 0,
      found: `Antenna ${antenna} reads ${perSecond} times a second (${reads.tags} tags over all antennas).`,
      next: count > 0 ? null : `Put a tag in front of antenna ${antenna} and check its cable; then run this again.`,
    };
  });
}

function doorFindings(about: string, { doors = [] }: Examination): readonly Finding[] {
  return doors.map(({ door, state, moved }) => ({
    about: `${about}, door ${door}`,
    ok: state === 'closed',
    found: moved ? `Door ${door} was seen to open and to close.` : `Door ${door} reads ${state}.`,
    next:
      state === 'closed'
        ? null
        : state === 'open'
          ? `Close door ${door}. If it is closed, its contact works the other way round: set closedWhen of door ${door} to the other value.`
          : `The contact of door ${door} says nothing: check its two wires and the number of its input.`,
  }));
}

function badgeFindings(about: string, { badgeSeen }: Examination): readonly Finding[] {
  if (badgeSeen === undefined) return [];
  return [
    badgeSeen
      ? { about, ok: true, found: 'A badge was read.', next: null }
      : {
          about,
          ok: false,
          found: 'No badge was read.',
          next: 'Hold a badge of the right kind (125 kHz) flat on the reader. If it stays silent, check its data wire.',
        },
  ];
}
