import {
  type PortDwell,
  type PortPower,
  setAntennasRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import {
  decodePowerReply,
  getPowerRequest,
  setPowerRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-radio-commands.js';
import type { MercuryConfig } from '../../device-config.js';
import { must, optional } from './mercury-ask.js';
import type { MercuryPort } from './mercury-port.js';

/** Searches on a port take at least this long. */
const leastDwellMs = 20;

/**
 * The wanted power within what the module can do, for the module and for every port of its own
 * table (protocols.md section 1.5). Returns what an operator should know.
 * @throws AppError as `must`.
 */
export async function setPower(port: MercuryPort, config: MercuryConfig): Promise<readonly string[]> {
  const reply = await optional(port, getPowerRequest('read', 'limits'));
  const limits = reply === undefined ? null : (decodePowerReply(reply.data)?.limits ?? null);
  const warnings = new Set<string>();
  const within = (dbm: number): number => {
    const wanted = Math.round(dbm * 100);
    const power = limits === null ? wanted : Math.min(limits.maxCentiDbm, Math.max(limits.minCentiDbm, wanted));
    if (power !== wanted) {
      warnings.add(
        `The UHF reader works at ${power / 100} dBm, because it cannot do the ${wanted / 100} dBm of the settings.`,
      );
    }
    return power;
  };
  const power = within(config.readPowerDbm);
  await must(port, setPowerRequest('read', power), `The UHF reader refuses a power of ${power / 100} dBm`);
  const own = new Map(config.ports?.map((one) => [one.antenna, one.readPowerDbm]));
  const ports = config.antennas.map((antenna): PortPower => {
    const dbm = own.get(antenna);
    return {
      port: antenna,
      readCentiDbm: dbm === undefined ? power : within(dbm),
      writeCentiDbm: null,
      settlingUs: null,
    };
  });
  const differs = ports.some((one) => one.readCentiDbm !== power);
  if (!(await setPortPowers(port, ports, differs)) && differs) {
    warnings.add('The UHF reader cannot give each antenna a power of its own; all have the same.');
  }
  return [...warnings];
}

/** False when the module has no table of its ports. */
async function setPortPowers(port: MercuryPort, ports: readonly PortPower[], differs: boolean): Promise<boolean> {
  if (differs) {
    const both = ports.map((one) => ({ ...one, writeCentiDbm: one.readCentiDbm, settlingUs: 0 }));
    if ((await optional(port, setAntennasRequest({ kind: 'power', ports: both }))) !== undefined) return true;
  }
  return (await optional(port, setAntennasRequest({ kind: 'read-power', ports }))) !== undefined;
}

/** How long the module stays on each port; ports without a time of their own share what is left of the search. */
export function dwellsOf(config: MercuryConfig): readonly PortDwell[] {
  const own = new Map(config.ports?.map((one) => [one.antenna, one.dwellMs]));
  const named = config.antennas.flatMap((antenna) => own.get(antenna) ?? []);
  if (named.length === 0) return [];
  const leftMs = config.searchMs - named.reduce((sum, ms) => sum + ms, 0);
  const shareMs = Math.floor(leftMs / Math.max(1, config.antennas.length - named.length));
  return config.antennas.map((antenna) => ({
    port: antenna,
    dwellMs: own.get(antenna) ?? Math.max(leastDwellMs, shareMs),
  }));
}

/** Without such settings the module divides its time by itself. */
export async function setDwells(port: MercuryPort, config: MercuryConfig): Promise<readonly string[]> {
  const ports = dwellsOf(config);
  if (ports.length === 0) return [];
  if ((await optional(port, setAntennasRequest({ kind: 'dwell', ports }))) !== undefined) return [];
  return ['The UHF reader cannot stay on each antenna for a time of its own; it divides its time by itself.'];
}
