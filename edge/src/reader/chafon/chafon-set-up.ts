import { AppError, isAppError } from '@tagtrail/shared/error.js';
import {
  answerMode,
  decodeReaderInfoReply,
  decodeTemperatureReply,
  type ReaderInfo,
  readerInfoRequest,
  setAntennaCheckRequest,
  setFrequencyRequest,
  setPowerRequest,
  setScanTimeRequest,
  setWorkModeRequest,
  temperatureRequest,
} from '@tagtrail/shared/protocol/chafon/chafon-commands.js';
import { bandOfRegion, type FrequencyBand } from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import type { ChafonReply, ChafonRequest } from '@tagtrail/shared/protocol/chafon/chafon-frame.js';
import type { ChafonConfig } from '../../device-config.js';
import type { ChafonPort } from './chafon-port.js';

/** What the driver needs to know of the reader that it found. */
export interface ReaderFacts {
  /** The 18 family has one antenna and tells no strength. */
  readonly family: '18' | '288';
  readonly warnings: readonly string[];
}

/** Who answers; undefined when nobody does, or not with this protocol. */
export async function greetReader(port: ChafonPort): Promise<ReaderInfo | undefined> {
  try {
    return decodeReaderInfoReply((await port.command(readerInfoRequest())).data) ?? undefined;
  } catch (error) {
    if (isAppError(error, 'reader.unanswered', 'reader.refused')) return undefined;
    throw error;
  }
}

/** Searches in units of 100 ms; the reader takes no less than three. */
export function scanTimeOf(config: ChafonConfig): number {
  return Math.max(3, Math.ceil(config.searchMs / 100));
}

/**
 * Sets the reader up for a cabinet. It keeps its settings without power, in a memory that wears out,
 * so only what differs is written.
 * @throws AppError `reader.refused` with a sentence for the operator, or as `ChafonPort.command`.
 */
export async function setUpReader(port: ChafonPort, info: ReaderInfo, config: ChafonConfig): Promise<ReaderFacts> {
  const warnings: string[] = [];
  const family = info.antennas === null ? '18' : '288';
  await optional(port, setWorkModeRequest(answerMode));
  const band = bandOfRegion[config.region];
  if (!isSameBand(info.frequency, band)) {
    await must(port, setFrequencyRequest(band), `The UHF reader does not offer the region ${config.region}`);
  }
  if (info.powerDbm !== config.readPowerDbm) {
    const otherwise = `The UHF reader refuses a power of ${config.readPowerDbm} dBm`;
    await must(port, setPowerRequest(config.readPowerDbm), otherwise);
  }
  const scanTime = scanTimeOf(config);
  if (info.scanTime !== scanTime) await must(port, setScanTimeRequest(scanTime), 'The UHF reader refuses its time');
  if (info.checksAntennas !== null && info.checksAntennas !== config.antennaCheck) {
    const reply = await optional(port, setAntennaCheckRequest(config.antennaCheck));
    if (reply === undefined && config.antennaCheck) {
      warnings.push('The UHF reader cannot tell when an antenna cable comes off.');
    }
  }
  if (family === '18' && config.antennas.some((antenna) => antenna !== 1)) {
    warnings.push('This UHF reader has one antenna only, the settings name others.');
  }
  return { family, warnings };
}

/** True when the reader still is as `setUpReader` left it. */
export function isSetUp(info: ReaderInfo, config: ChafonConfig): boolean {
  return isSameBand(info.frequency, bandOfRegion[config.region]) && info.powerDbm === config.readPowerDbm;
}

/** Degrees Celsius; null when the reader does not tell. */
export async function askTemperature(port: ChafonPort): Promise<number | null> {
  const reply = await optional(port, temperatureRequest());
  return reply === undefined ? null : decodeTemperatureReply(reply.data);
}

function isSameBand(one: FrequencyBand, other: FrequencyBand): boolean {
  return one.band === other.band && one.minChannel === other.minChannel && one.maxChannel === other.maxChannel;
}

/** A command without which the cabinet cannot count. */
async function must(port: ChafonPort, request: ChafonRequest, otherwise: string): Promise<void> {
  try {
    await twice(port, request);
  } catch (error) {
    if (!isAppError(error, 'reader.refused')) throw error;
    throw new AppError('reader.refused', `${otherwise}. ${error.message}`, {
      kind: 'device',
      cause: error,
      detail: error.detail,
    });
  }
}

/** A command that some firmware does not know. */
async function optional(port: ChafonPort, request: ChafonRequest): Promise<ChafonReply | undefined> {
  try {
    return await twice(port, request);
  } catch (error) {
    if (isAppError(error, 'reader.refused')) return undefined;
    throw error;
  }
}

/** Asked once more when noise may have eaten it. */
async function twice(port: ChafonPort, request: ChafonRequest): Promise<ChafonReply> {
  try {
    return await port.command(request);
  } catch (error) {
    if (!isAppError(error, 'reader.unanswered')) throw error;
    return port.command(request);
  }
}
