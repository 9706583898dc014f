import { AppError, isAppError } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import {
  antennaOption,
  decodeAntennasReply,
  getAntennasRequest,
  setAntennasRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-antenna-commands.js';
import { gen2Protocol, readerParam, region } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import type { MercuryReply, MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import {
  bootApplicationRequest,
  bootBootloaderRequest,
  currentProgramRequest,
  decodeCurrentProgramReply,
} from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { setReaderParamRequest } from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import { setProtocolRequest, setRegionRequest } from '@tagtrail/shared/protocol/mercury/mercury-radio-commands.js';
import type { MercuryConfig } from '../../device-config.js';
import { must, optional } from './mercury-ask.js';
import { setSession, startReading } from './mercury-plans.js';
import type { MercuryPort } from './mercury-port.js';
import { setDwells, setPower } from './mercury-ports.js';

export interface SetUpOptions {
  readonly port: MercuryPort;
  readonly config: MercuryConfig;
  readonly log: Log;
  /** Antennas that this driver has seen connected; it adds those that are now. */
  readonly sensedOnce: Set<number>;
  onSensed(antennas: readonly number[]): void;
}

/**
 * Sets the reader up for a cabinet and starts continuous reading (protocols.md sections 1.5, 1.6, 1.8).
 * Returns what an operator should know although all works, and whether the firmware takes Selects.
 * @throws AppError `reader.refused` with a sentence for the operator, or as `MercuryPort.command`.
 */
export async function setUpReader(
  options: SetUpOptions,
): Promise<{ readonly warnings: readonly string[]; readonly takesSelects: boolean }> {
  const { port, config, log } = options;
  await startApplication(port, log);
  await must(
    port,
    setRegionRequest(region[config.region]),
    `The UHF reader does not offer the region ${config.region}`,
  );
  await must(port, setProtocolRequest(gen2Protocol), 'The UHF reader does not read Gen2 tags');
  const list = config.antennas.map((antenna) => ({ tx: antenna, rx: antenna }));
  const ports = config.antennas.join(', ');
  await must(port, setAntennasRequest({ kind: 'search-list', list }), `The UHF reader refuses the antennas ${ports}`);
  const warnings = [
    ...(await senseAntennas(options)),
    ...(await setPower(port, config)),
    ...(await setDwells(port, config)),
  ];
  await setSession(port, { kind: 'usual' });
  await must(port, byteParam(readerParam.readFilter, 0), 'The UHF reader does not report tags more than once');
  await may(port, byteParam(readerParam.rssiInDbm, 1), log);
  return { warnings, takesSelects: await startReading(port, config) };
}

/**
 * Throws the module back into its boot loader, from which the next set-up starts its firmware
 * (protocols.md section 1.4).
 * @throws AppError `reader.restarted` always, or as `MercuryPort.command`.
 */
export async function rebootModule(port: MercuryPort): Promise<never> {
  await optional(port, bootBootloaderRequest()).catch((error) => {
    // It may be gone before it has answered.
    if (!isAppError(error, 'reader.unanswered', 'reader.restarted')) throw error;
  });
  throw new AppError('reader.restarted', 'The UHF reader is being restarted after a fault of its own.', {
    kind: 'device',
  });
}

async function startApplication(port: MercuryPort, log: Log): Promise<void> {
  const reply = await may(port, currentProgramRequest(), log);
  if (reply === undefined || decodeCurrentProgramReply(reply.data) !== 'bootloader') return;
  log.info({}, 'edge.reader.application_started');
  await must(port, bootApplicationRequest(), 'The firmware of the UHF reader does not start');
}

/**
 * Some antennas cannot be sensed although they work, so one that never was is only a warning. When
 * all can be, the module is told to check them before it transmits: an antenna whose cable comes
 * off later is then a trouble of the reader, not the disappearance of the tools in front of it.
 */
async function senseAntennas({ port, config, sensedOnce, onSensed }: SetUpOptions): Promise<readonly string[]> {
  const reply = await optional(port, getAntennasRequest(antennaOption.sensed));
  const report = reply === undefined ? null : decodeAntennasReply(reply.data);
  if (report?.kind !== 'sensed') return [];
  for (const one of report.ports) if (one.sensed) sensedOnce.add(one.port);
  const sensed = new Set(report.ports.filter((one) => one.sensed).map((one) => one.port));
  onSensed(config.antennas.filter((antenna) => sensed.has(antenna)));
  const missing = config.antennas.filter((antenna) => !sensed.has(antenna));
  const canBeSensed = config.antennas.every((antenna) => sensedOnce.has(antenna));
  await optional(port, byteParam(readerParam.antennaCheck, canBeSensed ? 1 : 0));
  if (missing.length === 0) return [];
  const which = missing.length === 1 ? `Antenna ${missing[0]} is` : `Antennas ${missing.join(', ')} are`;
  return [`${which} not sensed: check the antenna cable unless this kind of antenna cannot be sensed.`];
}

function byteParam(key: number, value: number): MercuryRequest {
  return setReaderParamRequest({ key, value: Uint8Array.of(value) });
}

async function may(port: MercuryPort, request: MercuryRequest, log: Log): Promise<MercuryReply | undefined> {
  const reply = await optional(port, request);
  if (reply === undefined) log.debug({ op: request.op }, 'edge.reader.command_unknown');
  return reply;
}
