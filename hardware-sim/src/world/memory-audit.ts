import { type LogSigner, logSigner, verifyEd25519 } from '@tagtrail/cloud/proof/log-key.js';
import { witnessKey } from '@tagtrail/cloud/proof/witness-keys.js';
import { nodeHashing } from '@tagtrail/cloud/store/hashing.js';
import { leafContentOf } from '@tagtrail/cloud/store/seal-drafts.js';
import { base64OfBytes } from '@tagtrail/shared/bytes/base64.js';
import { utf8Text } from '@tagtrail/shared/bytes/utf8.js';
import { type CheckpointMessage, witnessMessage } from '@tagtrail/shared/mqtt/messages.js';
import { checkpointText, cosignedAt } from '@tagtrail/shared/proof/checkpoint.js';
import { sealEntry } from '@tagtrail/shared/proof/entry-leaf.js';
import { consistencyPlan } from '@tagtrail/shared/proof/proof-plan.js';
import { noteKeyText, signNote } from '@tagtrail/shared/proof/signed-note.js';
import { growTiles, rangeHash, rootOfTiles, type TileOf } from '@tagtrail/shared/proof/tiles.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { type Clock, wallIso } from '@tagtrail/shared/time/clock.js';
import type { AuditLine, SignedCheckpoint } from '../checkers/run-record.js';
import type { Cast } from './cast.js';
import type { CloudEntry } from './cloud-entry.js';

/** The audit log over the in-memory trail: real leaves, tiles, notes and proofs, and a cabinet that cosigns. */
export interface MemoryAudit {
  /** Makes the leaves of lines that were just committed. */
  append(entries: readonly CloudEntry[]): void;
  /** What a cabinet says to a checkpoint. */
  takeWitness(payload: Uint8Array): void;
  readonly lines: readonly AuditLine[];
  readonly checkpoints: readonly SignedCheckpoint[];
  /** Checkpoints that the cabinet has cosigned, as its verified lines say. */
  readonly cosigned: readonly SignedCheckpoint[];
  readonly refusedCosignatures: number;
  backUp(): void;
  restore(): void;
}

interface Kept {
  readonly lines: readonly AuditLine[];
  readonly tiles: ReadonlyMap<string, Uint8Array>;
  readonly checkpoints: readonly (SignedCheckpoint & { readonly note: string })[];
  /** The size that the cabinet cosigned last. */
  readonly seen: number;
}

export interface MemoryAuditOptions {
  readonly cast: Cast;
  readonly clock: Clock;
  readonly random: Random;
  show(message: CheckpointMessage): void;
}

/** A customer is sealed once a second at most, as in the cloud. */
const sealEveryMs = 1_000;
/** The cloud shows what is newest after 5 s; this is rarer, because a cosignature costs more than a visit. */
const showEveryMs = 15_000;
const logSecret = 'the secret of a simulated cloud';
const signers = new Map<string, LogSigner>();

export function createMemoryAudit({ cast, clock, random, show }: MemoryAuditOptions): MemoryAudit {
  const tenant = cast.tenant.id;
  const signer = signerOf(tenant);
  const cosigner = witnessKey(cast.cabinet.id, cast.publicKey);
  const salts = random.fork('salts');
  const cosigned: SignedCheckpoint[] = [];
  let refusedCosignatures = 0;
  let kept: Kept = { lines: [], tiles: new Map(), checkpoints: [], seen: 0 };
  let backup = kept;
  let isSealing = false;
  let isShowing = false;

  const tileOf: TileOf = (level, index) => kept.tiles.get(`${level}/${index}`);
  const seal = (): void => {
    const from = kept.checkpoints.at(-1)?.size ?? 0;
    const size = kept.lines.length;
    if (size === from) return;
    const leaves = kept.lines.slice(from).map(({ leaf }) => leaf);
    const tiles = new Map(kept.tiles);
    for (const { level, index, hashes } of growTiles(nodeHashing, { size: from, tileOf }, leaves)) {
      tiles.set(`${level}/${index}`, hashes);
    }
    kept = { ...kept, tiles };
    const root = rootOfTiles(nodeHashing, tileOf, size);
    const note = signNote(checkpointText({ origin: signer.key.name, size, root }), signer);
    kept = { ...kept, checkpoints: [...kept.checkpoints, { size, root, note }] };
    if (isShowing) return;
    isShowing = true;
    clock.startTimer('show checkpoint', showEveryMs, () => {
      isShowing = false;
      showFrom(kept.seen);
    });
  };
  const showFrom = (seen: number): void => {
    const newest = kept.checkpoints.at(-1);
    if (newest === undefined) return;
    const from = seen < newest.size ? seen : 0;
    const path = consistencyPlan(from, newest.size).map((range) =>
      base64OfBytes(rangeHash(nodeHashing, tileOf, range)),
    );
    show({ v: 1, key: noteKeyText(signer.key), note: newest.note, from, path });
  };
  const takeCosignature = async (size: number, line: string): Promise<void> => {
    const checkpoint = kept.checkpoints.find((one) => one.size === size);
    if (checkpoint === undefined) return;
    if ((await cosignedAt(verifyEd25519, checkpoint.note + line, cosigner)) === undefined) refusedCosignatures++;
    else {
      cosigned.push(checkpoint);
      kept = { ...kept, seen: Math.max(kept.seen, size) };
    }
  };

  return {
    append: (entries) => {
      const recordedAt = wallIso(clock);
      const fresh = entries.map((entry): AuditLine => {
        const line = { ...leafContentOf({ tenant, recordedAt }, entry), index: entry.index };
        const { leaf, ...opens } = sealEntry(nodeHashing, line, () => randomBytes(salts, 32));
        return { line: { ...line, ...opens }, leaf };
      });
      kept = { ...kept, lines: [...kept.lines, ...fresh] };
      if (isSealing) return;
      isSealing = true;
      clock.startTimer('seal', sealEveryMs, () => {
        isSealing = false;
        seal();
      });
    },
    takeWitness: (payload) => {
      const message = witnessMessage.parse(JSON.parse(utf8Text(payload)));
      if ('seen' in message) showFrom(message.seen);
      else void takeCosignature(message.size, message.line);
    },
    get lines() {
      return kept.lines;
    },
    get checkpoints() {
      return kept.checkpoints;
    },
    cosigned,
    get refusedCosignatures() {
      return refusedCosignatures;
    },
    backUp: () => {
      backup = kept;
    },
    restore: () => {
      kept = backup;
    },
  };
}

/** The same for every world of a customer, and slow to make. */
function signerOf(tenant: string): LogSigner {
  const known = signers.get(tenant) ?? logSigner(logSecret, tenant);
  signers.set(tenant, known);
  return known;
}
