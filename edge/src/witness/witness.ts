import { createPublicKey, hash, verify } from 'node:crypto';
import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CheckpointMessage, WitnessMessage } from '@tagtrail/shared/mqtt/messages.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { cosign } from '@tagtrail/shared/proof/checkpoint.js';
import type { VerifyEd25519 } from '@tagtrail/shared/proof/hashing.js';
import { noteKey, noteKeyTypes, witnessName } from '@tagtrail/shared/proof/signed-note.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import type { Disk } from '../journal/disk.js';
import type { Recorder } from '../journal/recorder.js';
import type { SigningKey } from '../uplink/signing-key.js';
import { type Judgement, judgeCheckpoint } from './judge-checkpoint.js';
import { loadSeen, saveSeen } from './seen-file.js';

/** This cabinet as a witness of its customer's trail: what it has cosigned cannot be written anew unnoticed. */
export interface Witness {
  /** Cosigns a checkpoint that continues what was seen before, and raises the alarm for one that does not. Never rejects. */
  readonly see: (message: CheckpointMessage) => Promise<WitnessMessage | undefined>;
}

export interface WitnessOptions {
  readonly disk: Disk;
  readonly recorder: Recorder;
  readonly identity: CabinetAddress;
  /** The key with which this cabinet signs now. */
  readonly key: () => SigningKey;
  readonly clock: Clock;
  readonly log: Log;
}

const alarmedAgainAfterMs = 24 * 3_600_000;
const hashing = { sha256: (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer') };
/** RFC 8410: what stands before the 32 bytes of an Ed25519 public key in an SPKI. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');
const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  const key = createPublicKey({ key: Buffer.concat([spkiHead, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
};

/** Rejects with AppError `disk.fault`. */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const { disk, recorder, clock, log } = options;
  let seen = await loadSeen(disk);
  /** When each reason was last recorded, since this cabinet last cosigned. */
  const alarmedAtMs = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();

  async function judge(message: CheckpointMessage): Promise<WitnessMessage | undefined> {
    const judgement = await judgeCheckpoint({ hashing, verify: verifyEd25519 }, seen, message);
    if (judgement.kind === 'ask') return { v: 1, seen: judgement.size };
    if (judgement.kind === 'refuse') return await alarm(judgement);
    const isFollowing = judgement.seen.key !== seen?.key;
    if (seen !== undefined && isFollowing) log.info({ key: judgement.seen.key }, 'witness.key.followed');
    // On the disk first: a cosignature that this cabinet forgets would let it cosign another history.
    if (isFollowing || judgement.seen.note !== seen?.note) await saveSeen(disk, judgement.seen);
    seen = judgement.seen;
    alarmedAtMs.clear();
    return { v: 1, size: judgement.checkpoint.size, line: cosignedBy(options, judgement.text) };
  }

  /**
   * One line a day for each thing that is wrong, however often the cloud repeats it: the line itself makes the trail grow,
   * so that the next checkpoint is another one that is refused for the same reason.
   */
  async function alarm({ reason, size, seen: known }: Judgement & { kind: 'refuse' }): Promise<undefined> {
    const atMs = clock.monotonicMs();
    const beforeMs = alarmedAtMs.get(reason);
    if (beforeMs !== undefined && atMs - beforeMs < alarmedAgainAfterMs) return undefined;
    log.error({ reason, size, seen: known }, 'witness.checkpoint.refused');
    await recorder.record({ kind: 'checkpoint.refused', data: { reason, size, seen: known } }, 'grouped');
    alarmedAtMs.set(reason, atMs);
    return undefined;
  }

  return {
    see: (message) => {
      const answer = turn
        .then(() => judge(message))
        .catch((error: unknown) => {
          log.error({ error: errorText(error) }, 'witness.checkpoint.not_seen');
          return undefined;
        });
      turn = answer;
      return answer;
    },
  };
}

function cosignedBy({ identity, key, clock }: WitnessOptions, text: string): string {
  const { publicBytes, signBytes } = key();
  const name = witnessName(identity.cabinet);
  const cosigner = noteKey(hashing, { name, type: noteKeyTypes.cosignature, publicKey: publicBytes });
  return cosign(text, { key: cosigner, sign: signBytes }, Math.floor(clock.wallMs() / 1000));
}
