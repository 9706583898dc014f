import type { EntryView } from '@tagtrail/shared/api/entry.js';
import { describe, expect, it } from 'vitest';
import { lookOfEntry } from './entry-look.js';

const at = '2026-01-05T06:00:00.000Z';
const forced: EntryView = {
  ...{ index: 7, kind: 'door.opened', category: 'session', source: 'cabinet', status: 'accepted' },
  ...{ time: at, received_at: at, late: false, sequence: 1, data: { door: 1, signed: false } },
  ...{ site: null, cabinet: null, actor: null, asset: null, counterpart: null, session: null, order: null },
};

describe('how a line looks', () => {
  it('makes an alarm of a door that was opened without a badge', () => {
    expect(lookOfEntry(forced)).toMatchObject({ weight: 'alert', tone: 'bad' });
    expect(lookOfEntry({ ...forced, late: true })).toMatchObject({ weight: 'alert', tone: 'bad' });
  });

  it('makes none of one that was over long before it came', () => {
    expect(lookOfEntry({ ...forced, late: true, history: true })).toMatchObject({ weight: 'past', tone: 'old' });
  });

  it('leaves what is no alarm as it is, however late', () => {
    const returned: EntryView = { ...forced, kind: 'asset.returned', category: 'custody', data: {}, history: true };
    expect(lookOfEntry(returned)).toMatchObject({ weight: 'custody', tone: 'ok' });
  });
});
