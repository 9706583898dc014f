import type { RunRecord } from './run-record.js';

/**
 * I14. Two runs of one seed in which the cabinet's wall clock was stepped about by other amounts: every
 * line, its order and its attribution are the same. What a wall clock decides by right (whether a
 * calibration has run out) does not come up within the days that it is stepped by.
 */
export const clockIndependence = {
  id: 'I14',
  sentence: 'a wrong wall clock changes neither the order of events nor to whom they are attributed',
  compare: (one: RunRecord, other: RunRecord): readonly string[] => {
    const expected = gistsOf(one);
    const actual = gistsOf(other);
    const at = expected.findIndex((line, index) => line !== actual[index]);
    if (at < 0 && expected.length === actual.length) return [];
    const index = at < 0 ? expected.length : at;
    return [
      `event ${index + 1}: ${expected[index] ?? 'none'}; with the clock stepped otherwise: ${actual[index] ?? 'none'}`,
    ];
  },
};

function gistsOf(run: RunRecord): readonly string[] {
  return run.journal.events.map(gist);
}

function gist({ kind, actor, data }: RunRecord['journal']['events'][number]): string {
  const { epc = '', door = '', outcome = '', device = '', status = '' } = data as Record<string, unknown>;
  return `${kind} ${actor ?? ''} ${epc} ${door} ${outcome} ${device} ${status}`.trim();
}
