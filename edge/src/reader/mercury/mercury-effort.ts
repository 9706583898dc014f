import type { MercuryConfig } from '../../device-config.js';

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
