import { settingNames } from '../config.js';

/** What may be read as it stands: numbers, hosts of this machine, and words of a list. Addresses and folders name people and passwords. */
const shown: ReadonlySet<string> = new Set([
  ...['PORT', 'HOST', 'MQTT_PORT', 'METRICS_PORT', 'METRICS_HOST', 'SLOW_REQUEST_MS', 'OFF_BOARDING_NOTICE_DAYS'],
  ...['BACKUP_EVERY_HOURS', 'BACKUP_KEEP', 'TAGTRAIL_STOP_WITH_STDIN', 'LOG_KEEP_DAYS', 'LOG_LEVEL'],
]);

/**
 * Every setting that the cloud reads: its value where that is harmless, `set` where it is not, null where it is not
 * set. A setting that is added later is not shown until somebody decides that it may be.
 */
export function shownSettings(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | null> {
  const entries = [...settingNames].sort().map((name): [string, string | null] => {
    const value = environment[name];
    if (value === undefined || value === '') return [name, null];
    return [name, shown.has(name) ? value : 'set'];
  });
  return Object.fromEntries(entries);
}
