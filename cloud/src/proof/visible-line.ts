import { base64OfBytes } from '@tagtrail/shared/bytes/base64.js';
import { isPersonalDataField } from '@tagtrail/shared/proof/personal-fields.js';
import { type Cutoff, isOver } from '../retention/retention-rules.js';
import type { StoredLine } from '../store/read-lines.js';

/**
 * A line as it may leave the house now: with what opens its commitments, or, where the customer's
 * rule takes people out of it, without what is personal. The leaf follows from both.
 */
export function visibleLine(line: StoredLine, cutoffs: readonly Cutoff[]): Record<string, unknown> {
  const { leaf, ...rest } = line;
  const stored = { ...rest, leaf: leaf === null ? null : base64OfBytes(leaf) };
  const at = { category: line.category, site: line.site, recordedMs: Date.parse(line.recordedAt) };
  const isUnnamed = cutoffs.some((cutoff) => cutoff.action === 'pseudonymise' && isOver(cutoff, at));
  if (!isUnnamed) return stored;
  const data = Object.fromEntries(Object.entries(line.data).filter(([name]) => !isPersonalDataField(name)));
  return { ...stored, actor: null, counterpart: null, chain: null, origin: null, data, salts: null };
}
