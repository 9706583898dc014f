import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { anEpc, aPersonId, aSessionId } from '../testing/builders.js';
import { aDraft, openTestJournal } from '../testing/journal-fixtures.js';
import { createSimulatedDisk } from '../testing/simulated-disk.js';

async function eventsOf(journal: { replay(): AsyncIterable<TraceEvent> }): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  for await (const event of journal.replay()) events.push(event);
  return events;
}

const numberOf = (event: TraceEvent): unknown => (event.kind === 'door.closed' ? event.data.openForMs : event.kind);

describe('records that the disk refuses', () => {
  it('are refused, or remembered, marked and written in order when the disk takes them again', async () => {
    for (const policy of ['refuse', 'memory'] as const) {
      const disk = createSimulatedDisk();
      const clock = new VirtualClock();
      const journal = await openTestJournal(disk, { clock, segmentBytes: 1024, whenDiskFails: policy });
      await journal.record(aDraft(1), 'now');
      disk.limitTo(0);
      const outcomes = [];
      for (let n = 2; n < 12; n++)
        outcomes.push(await journal.record(aDraft(n), 'now').catch(() => 'refused' as const));
      const refused = outcomes.filter((one) => one === 'refused').length;
      if (policy === 'refuse') {
        expect([refused > 0, journal.volatileRecords()]).toEqual([true, 0]);
        continue;
      }
      expect([refused, journal.volatileRecords() > 0]).toEqual([0, true]);
      expect(journal.status().status).toBe('full');
      disk.limitTo(10_000_000);
      for (let s = 0; s < 100 && journal.volatileRecords() > 0; s++) await clock.advance(1_000);
      await journal.record(aDraft(12), 'now');
      expect(journal.volatileRecords()).toBe(0);
      const events = await eventsOf(journal);
      expect(events.map(numberOf)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
      const marked = events.filter((event) => event.volatile === true).map(numberOf);
      expect([marked.includes(11), marked.includes(1), marked.includes(12)]).toEqual([true, false, false]);
      expect(events.every((event, i) => i === 0 || event.mono >= (events[i - 1]?.mono ?? 0))).toBe(true);
    }
  });

  it('are remembered for what is only brought back, and refused for everything else', async () => {
    const disk = createSimulatedDisk();
    const clock = new VirtualClock();
    const journal = await openTestJournal(disk, { clock, segmentBytes: 1024 });
    disk.limitTo(0);
    const outcome = (draft: TraceDraft) =>
      journal.record(draft, 'now').then(
        ({ volatile }) => (volatile === true ? 'remembered' : 'recorded'),
        ({ code }: { code: string }) => code,
      );
    const opened = (number: number, returnOnly?: 'disk_out_of_order'): TraceDraft => ({
      ...{ kind: 'session.opened', session: aSessionId(number), actor: aPersonId(number) },
      data: { door: 1, signed: true, ...(returnOnly === undefined ? {} : { returnOnly }) },
    });
    const closed = (number: number): TraceDraft => ({
      ...{ kind: 'session.closed', session: aSessionId(number) },
      data: { outcome: 'settled', taken: 0, returned: 1, disputed: 0, elapsedMs: 1 },
    });
    const returned: TraceDraft = {
      kind: 'asset.returned',
      data: {
        ...{ epc: anEpc(1), name: 'Tool 1', confidencePct: 99, disputed: false, certainty: 'window', takenBy: null },
        evidence: { reads: 5, rounds: 5, antennas: [1], bestRssiDbm: -55 },
      },
    };
    const doorOpened = (number: number): TraceDraft => ({
      ...{ kind: 'door.opened', session: aSessionId(number) },
      data: { door: 1, signed: true },
    });
    expect(await outcome(opened(1))).toBe('journal.disk_full');
    expect(await outcome(opened(1, 'disk_out_of_order'))).toBe('remembered');
    // A line that is on nobody's name, while others may have been there: it names no session.
    expect(await outcome(returned)).toBe('remembered');
    expect(await outcome(closed(1))).toBe('remembered');
    expect(await outcome(opened(2))).toBe('journal.disk_full');
    expect(await outcome(doorOpened(2))).toBe('journal.disk_full');
    expect(journal.volatileRecords()).toBe(3);
    disk.limitTo(10_000_000);
    // Whoever comes first when there is room again waits for what came before.
    expect(await outcome(opened(3))).toBe('recorded');
    expect((await eventsOf(journal)).map(({ kind, session, volatile }) => [kind, session, volatile])).toEqual([
      ['session.opened', aSessionId(1), true],
      ['asset.returned', undefined, true],
      ['session.closed', aSessionId(1), true],
      ['session.opened', aSessionId(3), undefined],
    ]);
  });
});
