import type { Store } from '../store/prisma.js';
import { type Rebuilt, rebuildProjections } from '../store/projections/rebuild.js';

interface RebuildAllOptions {
  readonly store: Store;
  readonly say: (line: string) => void;
  /** How a customer (UUID) is called in what is said. */
  readonly name: (tenant: string) => string;
}

/** Lines of progress come after this many entries. */
const sayEvery = 100_000;

/** Rebuilds, or with `check` only compares, customer by customer; answers whether everything is what it was. */
export async function rebuildAll(
  { store, say, name }: RebuildAllOptions,
  tenants: readonly string[],
  check: boolean,
): Promise<boolean> {
  let equal = true;
  for (const tenant of tenants) {
    let next = sayEvery;
    const rebuilt = await rebuildProjections(store, tenant, {
      check,
      onProgress: (entries) => {
        if (entries < next) return;
        say(`${name(tenant)}: ${entries} entries folded`);
        next = entries + sayEvery;
      },
    });
    for (const line of report(rebuilt, check)) say(`${name(tenant)}: ${line}`);
    equal &&= rebuilt.equal;
  }
  return equal;
}

function report({ entries, projections, equal }: Rebuilt, check: boolean): readonly string[] {
  const lines = projections.map(({ before, after }) =>
    before.digest === after.digest
      ? `${after.name}: ${after.rows} rows, equal (${after.digest.slice(0, 16)})`
      : `${after.name}: DIFFERENT, ${before.rows} rows before, ${after.rows} from the trail`,
  );
  const what = check ? 'compared, nothing changed' : equal ? 'rebuilt, as it was' : 'rebuilt, and put right';
  return [...lines, `${entries} entries: ${what}`];
}
