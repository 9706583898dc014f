import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import { stopContinuousRequest } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { MercuryConfig } from '../../device-config.js';
import type { Line } from '../device-link.js';
import type { EffortInForce, ReadEffort } from '../reader.js';
import { must } from './mercury-ask.js';
import type { MercuryPort } from './mercury-port.js';
import { setDwells, setPower } from './mercury-ports.js';
import { startReading } from './mercury-set-up.js';

/** What a doubted item is worth: twice the power, within what is allowed, and twice the time on each antenna. */
const raisedDb = 3;
const dwellTimes = 2;

/**
 * Conducted power for an antenna of 6 dBi: ETSI EN 302 208 (2 W ERP), FCC 15.247 (1 W), China (2 W ERP),
 * Korea and India (4 W EIRP). Nothing is known of `open`, so nothing is raised there.
 */
const regionLimitDbm: Readonly<Record<MercuryConfig['region'], number>> = {
  ...{ eu3: 29, na: 30, in: 30, kr2: 30, prc: 29, open: 0 },
};

/** The settings for a thorough reading; the power of the settings itself is never lowered by a limit. */
export function thoroughConfig(config: MercuryConfig): MercuryConfig {
  const most = config.mostPowerDbm ?? regionLimitDbm[config.region];
  const raised = (dbm: number): number => Math.max(dbm, Math.min(dbm + raisedDb, most));
  const ports = config.ports?.map((one) => ({
    ...one,
    ...(one.readPowerDbm === undefined ? {} : { readPowerDbm: raised(one.readPowerDbm) }),
    ...(one.dwellMs === undefined ? {} : { dwellMs: one.dwellMs * dwellTimes }),
  }));
  return {
    ...config,
    readPowerDbm: raised(config.readPowerDbm),
    searchMs: config.searchMs * dwellTimes,
    ...(ports === undefined ? {} : { ports }),
  };
}

export interface EffortOptions {
  readonly port: MercuryPort;
  readonly line: Line;
  readonly config: MercuryConfig;
  readonly log: Log;
}

/**
 * Changes power and dwell of a module that reads: it is stopped, set and started anew. One change at
 * a time. A module that refuses is set up from the start, as usual.
 */
export function createEffort({ port, line, config, log }: EffortOptions) {
  let inForce: ReadEffort = 'usual';
  let turn: Promise<unknown> = Promise.resolve();

  const change = async (effort: ReadEffort): Promise<EffortInForce | null> => {
    const wanted = effort === 'thorough' ? thoroughConfig(config) : config;
    try {
      if (effort !== inForce) {
        await must(port, stopContinuousRequest(), 'The UHF reader does not stop reading');
        await setPower(port, wanted);
        await setDwells(port, wanted);
        await startReading(port, wanted);
        inForce = effort;
      }
      return { readPowerDbm: wanted.readPowerDbm, raisedDb: wanted.readPowerDbm - config.readPowerDbm };
    } catch (error) {
      log.warn({ effort, error: errorText(error) }, 'edge.reader.effort_refused');
      line.restarted('The UHF reader did not change its power and is being set up again.');
      return null;
    }
  };

  return (effort: ReadEffort): Promise<EffortInForce | null> => {
    const changed = turn.then(() => change(effort));
    turn = changed;
    return changed;
  };
}
