import type { AttentionItem, acknowledgeAttention } from '@tagtrail/shared/api/attention.js';
import type { z } from 'zod';
import type { Asking } from '../api/context.js';
import { ApiProblem, notFound } from '../api/problem.js';
import { recordChange } from '../entries/record-change.js';
import { foldTrail } from '../store/projections/fold.js';
import { findAttention } from './find-attention.js';
import { itemsOf } from './read-attention.js';

/**
 * The caller looks after it from now on, as it was shown.
 * @throws ApiProblem `not-found` when it needs nobody (any more), `conflict` when it has happened again since.
 */
export async function acknowledge(
  asking: Asking,
  { id, mark, note }: z.output<typeof acknowledgeAttention>,
): Promise<AttentionItem> {
  const found = (await findAttention(asking)).find((one) => one.id === id);
  if (found === undefined) throw notFound('thing that needs somebody');
  if (found.mark !== mark) {
    throw new ApiProblem('conflict', 'It has happened again since you were shown it: look at it and say so again.');
  }
  const { row } = found;
  const named = row.asset_name ?? row.cabinet_name ?? row.kind;
  const index = await recordChange(asking, {
    kind: 'attention.acknowledged',
    data: { about: id, what: named, mark, note },
    ...{ assetId: row.asset_id, cabinetId: row.cabinet_id, siteId: row.site_id },
  });
  await foldTrail(
    asking.tx,
    { tenant: asking.scope.tenantId, from: index, to: index },
    new Set(['attention.acknowledged']),
  );
  const [item] = await itemsOf(asking, [{ ...found, acknowledgedIndex: index }]);
  if (item === undefined) throw notFound('thing that needs somebody');
  return item;
}
