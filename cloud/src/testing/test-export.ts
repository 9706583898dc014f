import { assert } from '@tagtrail/shared/assert.js';
import type { Trusted } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { createExportVerifier, type ExportReport } from '@tagtrail/shared/proof/verify-export.js';
import { verifyEd25519 } from '../proof/log-key.js';
import { nodeHashing } from '../store/hashing.js';

/** The report on the text of an export. */
export async function verifyText(
  text: string,
  trusted: Trusted = { keys: [], checkpoints: [] },
): Promise<ExportReport> {
  assert(text.endsWith('\n'), 'an export ends with a line feed');
  const verifier = createExportVerifier({ hashing: nodeHashing, verify: verifyEd25519, trusted });
  for (const line of text.slice(0, -1).split('\n')) verifier.line(line);
  return await verifier.finish();
}
