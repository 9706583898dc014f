import type { DeviceRole } from '@tagtrail/shared/events/trace-event.js';
import type { EdgeConfig } from '../config.js';
import { addressOf } from '../device-drivers.js';
import { examine } from './examine.js';
import type { FoundPort } from './find-ports.js';
import { type Finding, findingLines, findingsOf, roleNames } from './findings.js';
import { type ProbedPort, type ProbeOptions, probePort } from './probe.js';

export interface DoctorReport {
  readonly ok: boolean;
  readonly ports: readonly (FoundPort & { readonly device: ProbedPort['device'] })[];
  readonly findings: readonly Finding[];
}

/** Looks at every port, and says which device of a cabinet was found on none. */
export async function examinePorts(ports: readonly FoundPort[], options: ProbeOptions): Promise<DoctorReport> {
  const probed: { port: FoundPort; found: ProbedPort }[] = [];
  for (const port of ports) {
    options.ask(`Looking at ${port.path}.`);
    probed.push({ port, found: await probePort(port.path, options) });
  }
  const findings = [...probed.flatMap(({ found }) => found.findings), ...missing(probed.map(({ found }) => found))];
  return {
    ok: findings.every((finding) => finding.ok),
    ports: probed.map(({ port, found }) => ({ ...port, device: found.device })),
    findings,
  };
}

/** Looks at the devices where the settings say that they are, in the way that the settings say. */
export async function examineSettings(devices: EdgeConfig['devices'], options: ProbeOptions): Promise<DoctorReport> {
  const findings: Finding[] = [];
  const ports: { path: string; stablePath: null; maker: null; device: ProbedPort['device'] }[] = [];
  for (const role of ['uhf', 'lock', 'badge'] as const) {
    const config = devices[role];
    const where = addressOf(config);
    options.ask(`Looking at the ${roleNames[role]} at ${where}.`);
    const found = await examine({ ...options, openLink: options.openLink(where), settings: { role, config } });
    if (found !== undefined) findings.push(...findingsOf(where, found));
    const works = found?.report.status === 'ok';
    const device = works ? { role, driver: config.driver } : null;
    ports.push({ path: where, stablePath: null, maker: null, device });
  }
  return { ok: findings.every((finding) => finding.ok), ports, findings };
}

function missing(probed: readonly ProbedPort[]): readonly Finding[] {
  if (probed.length === 0) {
    const next = 'Plug the adapters in, or name a port with --port PATH. In a container, pass the devices through.';
    return [{ about: 'ports', ok: false, found: 'This machine has no serial port.', next }];
  }
  const roles: readonly DeviceRole[] = ['uhf', 'lock', 'badge'];
  return roles
    .filter((role) => !probed.some(({ device }) => device?.role === role))
    .map((role) => ({
      about: roleNames[role],
      ok: false,
      found: `No ${roleNames[role]} was found.`,
      next: `Check the power and the cable of the ${roleNames[role]}; a network reader is not looked for.`,
    }));
}

/** The report for a person, one line for each finding and its next step under it. */
export function reportText({ ok, ports, findings }: DoctorReport): string {
  const lines = [
    ...ports.map(({ path, stablePath, device }) => {
      const name = device === null ? 'nothing known' : `${roleNames[device.role]}, driver ${device.driver}`;
      return `${path}: ${name}${stablePath === null ? '' : ` (lasting name ${stablePath})`}`;
    }),
    '',
    ...findings.flatMap(findingLines),
    '',
    ok ? 'All is well. Start the agent.' : 'Mend what is WRONG above, then run this again.',
  ];
  return `${lines.join('\n')}\n`;
}
