import { chainGenesis, nextChainOfBody, type Sha256 } from '@tagtrail/shared/chain/record-chain.js';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { TraceDraft, TraceEvent } from '@tagtrail/shared/events/trace-event.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import { acknowledgementBytes, acknowledgementName, decodeAcknowledgement } from './acknowledgement.js';
import type { Disk } from './disk.js';
import { forkMarkName, readForkMark } from './fork-mark.js';
import { createRecordIndex, type RecordIndex } from './record-index.js';
import { type RecoveredLog, recoverLog, type SegmentOnDisk, type SeqRange, scanSegment } from './recover.js';
import { decodeRecord, encodeBody, encodeHeader, encodeRecords, type RecordToWrite } from './segment.js';
import { ordinalOf, segmentName } from './segment-file.js';

const temporary = '.new';

export interface OpenLogOptions {
  readonly disk: Disk;
  readonly identity: CabinetAddress;
  readonly sha256: Sha256;
  readonly log: Log;
  /** Makes a new log id, 32 hexadecimal digits. */
  newLogId(): string;
  /** A declaration that is made now; the sequence is set by the caller. */
  declare(draft: TraceDraft): TraceEvent;
}

/** A log that can be continued behind `last`. */
export interface OpenedLog {
  readonly id: string;
  readonly last: number;
  readonly chain: string;
  readonly acknowledged: number;
  readonly index: RecordIndex;
  readonly nextOrdinal: number;
  /** Losses in what the cloud has already confirmed; they only need to be declared. */
  readonly undeclared: readonly SeqRange[];
}

/**
 * Finds the newest log on the disk and everything of it that can be read. A loss of records that
 * the cloud had not confirmed ends the log, because its numbers can never be completed: what
 * survived goes on in a new log that begins by declaring the loss, and the old files are set aside.
 * @throws AppError `journal.foreign` when the disk holds the journal of another cabinet.
 */
export async function openLog(options: OpenLogOptions): Promise<OpenedLog> {
  const { disk, log } = options;
  const names = await disk.list();
  for (const name of names.filter((one) => one.endsWith(temporary))) await disk.remove(name);
  const all = await scanAll(options, names);
  const header = all.map(({ scanned }) => scanned.header).findLast((one) => one !== undefined);
  if (header !== undefined) refuseForeign(options.identity, header);
  const saved = await savedAcknowledgement(disk, names);
  const id = header?.log ?? saved?.log ?? options.newLogId();
  const own = all.filter(({ scanned }) => scanned.header === undefined || scanned.header.log === id);
  for (const { name } of all.filter((segment) => !own.includes(segment))) await setAside(disk, name);
  const recovered = recoverLog(own);
  const nextOrdinal = Math.max(0, ...all.map(({ name }) => ordinalOf(name) ?? 0)) + 1;
  const upTo = saved?.log === id ? saved.upTo : 0;
  const lost = lossesOf(recovered, upTo);
  if (lost.length > 0) log.error({ log: id, lost, acknowledged: upTo }, 'journal.log.damaged');
  const forked = (await readForkMark(disk)) === id && header !== undefined;
  if (forked || lost.some((range) => range.to > upTo) || recovered.last < upTo) {
    const fork = forked ? forkDraft(id, recovered.last) : undefined;
    await continueInNewLog(options, { old: own, recovered, lost, upTo, ordinal: nextOrdinal, fork });
    return openLog(options);
  }
  if (names.includes(forkMarkName)) await disk.remove(forkMarkName);
  if (lost.length > 0) await copyDamaged(disk, own);
  await dropTornTail(options, own, recovered);
  const index = createRecordIndex();
  for (const piece of recovered.pieces) index.add(piece);
  const { last, chain = chainGenesis } = recovered;
  return { id, last, chain, acknowledged: upTo, index, nextOrdinal, undeclared: lost };
}

async function scanAll({ disk, sha256 }: OpenLogOptions, names: readonly string[]): Promise<SegmentOnDisk[]> {
  const segments = names.filter((name) => ordinalOf(name) !== undefined).sort();
  const scanned: SegmentOnDisk[] = [];
  for (const name of segments) scanned.push({ name, scanned: scanSegment(await readWhole(disk, name), sha256) });
  return scanned;
}

function refuseForeign(own: CabinetAddress, found: { tenant: string; cabinet: string }): void {
  if (found.tenant === own.tenant && found.cabinet === own.cabinet) return;
  throw new AppError(
    'journal.foreign',
    'the data directory holds the journal of another cabinet; give this one a directory of its own',
    { kind: 'operator', detail: { found: found.cabinet, expected: own.cabinet } },
  );
}

/** What is missing, with the end that the cloud has and this disk has no longer. */
function lossesOf(recovered: RecoveredLog, upTo: number): readonly SeqRange[] {
  if (recovered.last >= upTo) return recovered.damaged;
  return [...recovered.damaged, { from: recovered.last + 1, to: upTo }];
}

interface Continuation {
  readonly old: readonly SegmentOnDisk[];
  readonly recovered: RecoveredLog;
  readonly lost: readonly SeqRange[];
  readonly upTo: number;
  readonly ordinal: number;
  /** Declared in front of everything when the log was given up because the cloud knows another history. */
  readonly fork: TraceDraft | undefined;
}

/** One file, renamed into place: after a power cut there is either the old log or the whole new one. */
async function continueInNewLog(options: OpenLogOptions, continuation: Continuation): Promise<void> {
  const { disk, identity, sha256 } = options;
  const events = [
    ...(continuation.fork === undefined ? [] : [{ order: 0, event: options.declare(continuation.fork) }]),
    ...continuation.lost.map((range) => ({ order: range.from, event: declareLoss(options, range) })),
    ...(await survivorsAfter(disk, continuation)).map((event) => ({ order: event.seq, event })),
  ].sort((a, b) => a.order - b.order);
  let chain = chainGenesis;
  const records: RecordToWrite[] = events.map(({ event }, i) => {
    const body = encodeBody({ ...event, seq: i + 1 });
    const record = { body, prev: chain, startsGroup: i === 0 };
    chain = nextChainOfBody(sha256, chain, body);
    return record;
  });
  const head = encodeHeader({ v: 1, ...identity, log: options.newLogId(), first: 1, prev: chainGenesis });
  const bytes = encodeRecords(records);
  const name = segmentName(continuation.ordinal);
  const file = await disk.create(`${name}${temporary}`, head.length + bytes.length);
  await file.write(0, head);
  await file.write(head.length, bytes);
  await file.sync();
  await file.close();
  await disk.rename(`${name}${temporary}`, name);
  await disk.syncDirectory();
  for (const old of continuation.old) await setAside(disk, old.name);
}

function declareLoss(options: OpenLogOptions, range: SeqRange): TraceEvent {
  return options.declare(damageDraft(range, 'records of the previous log are lost; what survived follows in this log'));
}

export function damageDraft(damage: SeqRange, detail: string): TraceDraft {
  return { kind: 'journal.damaged', data: { fromSeq: damage.from, toSeq: damage.to, detail } };
}

/**
 * The lines that nobody had confirmed follow in the new log. Where the disk was copied, some of
 * them may have arrived from the other copy: twice on the record is better than never.
 */
function forkDraft(previousLog: string, lastSeq: number): TraceDraft {
  const detail = 'its disk was restored or copied; what the cloud had not confirmed follows';
  return { kind: 'journal.forked', data: { previousLog, lastSeq, detail } };
}

async function survivorsAfter(disk: Disk, { recovered, upTo }: Continuation): Promise<readonly TraceEvent[]> {
  const survivors: TraceEvent[] = [];
  for (const { name, run } of recovered.pieces) {
    if (run.last <= upTo) continue;
    const bytes = await readWhole(disk, name);
    for (const offset of run.offsets) {
      const record = decodeRecord(bytes, offset);
      if (record.kind === 'record' && record.event.seq > upTo) survivors.push(record.event);
    }
  }
  return survivors;
}

async function copyDamaged(disk: Disk, segments: readonly SegmentOnDisk[]): Promise<void> {
  const names = await disk.list();
  for (const { name, scanned } of segments) {
    if (scanned.unreadableBytes === 0 || names.includes(`${name}.damaged`)) continue;
    const bytes = await readWhole(disk, name);
    const copy = await disk.create(`${name}.damaged`, bytes.length);
    await copy.write(0, bytes);
    await copy.sync();
    await copy.close();
  }
  await disk.syncDirectory();
}

/**
 * Gives the unused space of the last segment back; a torn tail was never confirmed to anybody.
 * A disk that refuses this is not a reason to stay down: recovery reads the tail the same next time.
 */
async function dropTornTail(
  { disk, log }: OpenLogOptions,
  segments: readonly SegmentOnDisk[],
  { pieces }: RecoveredLog,
): Promise<void> {
  const last = segments.findLast(({ scanned }) => scanned.runs.length > 0);
  if (last === undefined) return;
  const { runs, unreadableBytes, usedBytes } = last.scanned;
  const end = runs.length === 1 ? (runs[0]?.end ?? usedBytes) : usedBytes;
  if (unreadableBytes > 0) log.warn({ segment: last.name, unreadableBytes }, 'journal.tail.torn');
  try {
    const file = await disk.open(last.name);
    if ((await file.size()) > end) {
      await file.truncate(end);
      await file.sync();
    }
    await file.close();
    for (const { name, scanned } of segments) {
      // Begun and never used. The newest one still carries the log id when nothing was ever written.
      const isUnused = scanned.runs.length === 0 && scanned.unreadableBytes === 0;
      // A refused group, which a later segment overrules whole.
      const isOverruled = name !== last.name && scanned.runs.length > 0 && !pieces.some((piece) => piece.name === name);
      if (isUnused || isOverruled) await disk.remove(name);
    }
  } catch (error) {
    log.warn({ segment: last.name, error: errorText(error) }, 'journal.tail.kept');
  }
}

async function setAside(disk: Disk, name: string): Promise<void> {
  await disk.rename(name, `${name}.aside`);
  await disk.syncDirectory();
}

async function savedAcknowledgement(disk: Disk, names: readonly string[]) {
  if (!names.includes(acknowledgementName)) return undefined;
  const file = await disk.open(acknowledgementName);
  const bytes = await file.read(0, acknowledgementBytes);
  await file.close();
  return decodeAcknowledgement(bytes);
}

async function readWhole(disk: Disk, name: string): Promise<Uint8Array> {
  const file = await disk.open(name);
  const bytes = await file.read(0, await file.size());
  await file.close();
  return bytes;
}
