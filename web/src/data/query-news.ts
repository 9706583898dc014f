import type { EntryView } from '@tagtrail/shared/api/entry.js';

/** The queries (by the first parts of their keys) whose answers these new lines have changed. */
export function queriesTouchedBy(entries: readonly EntryView[]): readonly (readonly string[])[] {
  const keys = new Map<string, readonly string[]>();
  const add = (...key: string[]): void => {
    keys.set(key.join('/'), key);
  };
  if (entries.length > 0) add('attention');
  for (const entry of entries) {
    if (entry.asset !== null) {
      add('assets');
      add('asset', entry.asset.id);
      add('timeline', 'assets', entry.asset.id);
    }
    if (entry.cabinet !== null) add('timeline', 'cabinets', entry.cabinet.id);
    for (const person of [entry.actor, entry.counterpart]) {
      if (person === null) continue;
      add('person', person.id);
      add('people');
      add('timeline', 'people', person.id);
    }
    if (entry.kind === 'inventory.settled') add('assets');
    if (entry.session !== null) add('session', entry.session);
    if (/^order\./.test(entry.kind)) add('orders');
    if (/^(grant|item_rule|kit)\./.test(entry.kind)) add('rules');
    if (entry.kind === 'notice.published') add('notices');
    if (/^(retention|hold)\./.test(entry.kind)) add('retention');
    if (/^(customer\.leaving_\w+|trail\.exported|hold\.\w+)$/.test(entry.kind)) add('off-boarding');
    if (/^(event\.quarantined|tag\.(bound|unknown_seen)|quarantine\.\w+)$/.test(entry.kind)) add('quarantine');
  }
  return [...keys.values()];
}
