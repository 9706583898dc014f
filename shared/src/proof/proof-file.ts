import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { hashBytes } from './merkle.js';

/** C2SP tlog-proof: everything that shows, offline, that one entry stands in a log. */
export interface ProofFile {
  readonly index: bigint;
  readonly path: readonly Uint8Array[];
  /** The signed note of the checkpoint, with whatever cosignatures it has. */
  readonly checkpoint: string;
}

const header = 'c2sp.org/tlog-proof@v1';
/** An inclusion path in a tree of at most 2^63 leaves. */
const pathAtMost = 63;

export function proofFileText({ index, path, checkpoint }: ProofFile): string {
  return `${header}\nindex ${index}\n${path.map((hash) => `${base64OfBytes(hash)}\n`).join('')}\n${checkpoint}`;
}

/** What a proof file holds; undefined when it is malformed. An `extra` line is allowed and proves nothing. */
export function parseProofFile(text: string): ProofFile | undefined {
  const cut = text.indexOf('\n\n');
  if (cut < 0) return undefined;
  const [first, ...lines] = text.slice(0, cut).split('\n');
  if (first !== header) return undefined;
  if (lines[0]?.startsWith('extra ') === true) {
    if (bytesOfBase64(lines[0].slice(6)) === undefined) return undefined;
    lines.shift();
  }
  const digits = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? '')?.[1];
  if (digits === undefined || lines.length > pathAtMost) return undefined;
  const path = lines.map(bytesOfBase64);
  if (!path.every((hash): hash is Uint8Array => hash?.length === hashBytes)) return undefined;
  return { index: BigInt(digits), path, checkpoint: text.slice(cut + 2) };
}
