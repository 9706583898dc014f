import { describe, expect, it } from 'vitest';
import { rulebookNeed } from './rulebook-need.js';

describe('what lines of the trail ask of the rulebooks', () => {
  it.each([
    ['a rulebook that was issued', 'cloud', 'rulebook.issued', 'nothing'],
    ['a door', 'cabinet', 'door.opened', 'nothing'],
    ['a take', 'cabinet', 'asset.checked_out', 'custody'],
    ['a report', 'cabinet', 'asset.reported', 'change'],
    ['a revoked badge', 'cloud', 'badge.revoked', 'change'],
    ['a kind of tomorrow', 'cloud', 'licence.granted', 'change'],
  ])('%s', (_name, source, kind, need) => {
    expect(
      rulebookNeed([
        { kind: 'door.closed', source: 'cabinet' },
        { kind, source },
      ]),
    ).toBe(need);
  });
});
