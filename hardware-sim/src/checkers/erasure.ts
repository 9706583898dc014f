import { leafOfEntry, type SealedLine } from '@tagtrail/shared/proof/entry-leaf.js';
import { equalBytes } from '@tagtrail/shared/proof/merkle.js';
import { isPersonalDataField, personalColumns } from '@tagtrail/shared/proof/personal-fields.js';
import { checkerHashing } from './checker-hashing.js';
import type { Checker } from './run-record.js';

/**
 * What retention takes out of every line is taken out here by the same list. The log is all that this
 * world keeps of a person; tables, exports and logs of the real cloud are held against erasure in its own tests.
 */
export const erasure: Checker = {
  id: 'I10',
  sentence: 'erasure: without its personal fields no line points at a person, and every leaf is what it was',
  check: ({ audit, subjects }) =>
    audit.lines.flatMap(({ line, leaf }) => {
      const left = withoutPerson(line);
      const text = JSON.stringify(left);
      const found = subjects.filter(({ trace }) => text.includes(trace));
      const problems = found.map(
        ({ name, trace }) => `line ${line.index} (${line.kind}) still has ${trace} of ${name}`,
      );
      const again = leafOfEntry(checkerHashing, left);
      const isSame = again.ok && equalBytes(again.leaf, leaf);
      return isSame ? problems : [...problems, `line ${line.index} (${line.kind}) has another leaf once it is erased`];
    }),
};

function withoutPerson(line: SealedLine): SealedLine {
  const gone = Object.fromEntries(personalColumns.map((column) => [column, null]));
  const data = Object.fromEntries(Object.entries(line.data).filter(([field]) => !isPersonalDataField(field)));
  return { ...line, ...gone, data, salts: null };
}
