import type { RunRecord } from './run-record.js';

/**
 * I14. Two runs of one seed, in one of which the cabinet's wall clock was stepped about: order and
 * attribution are the same. What a wall clock decides by right (whether a calibration has run out)
 * is left out of the comparison.
 */
export const clockIndependence = {
  id: 'I14',
  sentence: 'a wrong wall clock changes neither the order of events nor to whom they are attributed',
  compare: (straight: RunRecord, skewed: RunRecord): readonly string[] => {
    const expected = gistsOf(straight);
    const actual = gistsOf(skewed);
    const at = expected.findIndex((line, index) => line !== actual[index]);
    if (at < 0 && expected.length === actual.length) return [];
    const index = at < 0 ? expected.length : at;
    return [`event ${index + 1}: ${expected[index] ?? 'none'}; with the clock stepped: ${actual[index] ?? 'none'}`];
  },
};

/**
 * That the clock was stepped is a fact of its own, and only of one of the runs. Its line costs one more
 * sync of the disk, so that what devices report in the same millisecond may come before or after a badge.
 */
function gistsOf(run: RunRecord): readonly string[] {
  return run.journal.events.filter(({ kind }) => kind !== 'clock.stepped' && !kind.startsWith('device.')).map(gist);
}

function gist({ kind, actor, data }: RunRecord['journal']['events'][number]): string {
  const { epc = '', door = '', outcome = '' } = data as Record<string, unknown>;
  return `${kind} ${actor ?? ''} ${epc} ${door} ${outcome}`.trim();
}
