import type { z } from 'zod';
import { base64OfBytes, bytesOfBase64 } from '../bytes/base64.js';
import { canonicalJson, type Json } from '../chain/canonical.js';
import { type AbsenceCheck, createAbsenceCheck } from './absence-check.js';
import { createCustodyReplay } from './custody-replay.js';
import { type LeafOfEntry, leafOfEntry, type SealedLine } from './entry-leaf.js';
import {
  custodyLine,
  type ExportHeader,
  endLine,
  exportHeader,
  nextCustodyDigest,
  noCustodyDigest,
  subtreesLine,
  tileLine,
} from './export-format.js';
import type { ExportProblem, ExportProblemCode } from './export-problem.js';
import type { Hashing, VerifyEd25519 } from './hashing.js';
import { equalBytes, hashBytes } from './merkle.js';
import { isSealedLine } from './sealed-line.js';
import { createStreamReplay, type StreamReplay } from './stream-replay.js';
import { createTreeBuilder, subtreesBetween, type TreeBuilder } from './tree-builder.js';
import { type Signatures, type Trusted, verifyCheckpoints } from './verify-checkpoints.js';

export interface ExportReport {
  readonly ok: boolean;
  /** In the order of the file; the first ones when there are very many. */
  readonly problems: readonly ExportProblem[];
  readonly problemCount: number;
  readonly origin: string | null;
  readonly size: number;
  /** Entries in the file, of which some without the people in them. */
  readonly entries: number;
  readonly redacted: number;
  /** Entries that only their hashes stand for. */
  readonly withheld: { readonly absent: number; readonly expired: number; readonly filtered: number };
  readonly links: { readonly checked: number; readonly unknown: number };
  readonly custody: { readonly checked: number; readonly unknown: number };
  readonly signatures: Signatures;
}

export interface ExportVerifierOptions {
  readonly hashing: Hashing;
  readonly verify: VerifyEd25519;
  readonly trusted: Trusted;
}

/**
 * Checks an export line by line, without a server and in the memory of the custody alone: hashes
 * every entry again, computes the root, compares it with the signed checkpoint and with those
 * that the caller trusts, follows the chains of the cabinets, and replays the custody.
 */
export interface ExportVerifier {
  /** One line of the file, without its line feed. */
  line(text: string): void;
  /** How far it has come, 0 to 1. */
  progress(): number;
  finish(): Promise<ExportReport>;
}

/** Problems that are told one by one. */
const problemsAtMost = 100;
const tileLevel = 8;
/** What the line of an entry has beside the entry. */
const framing: ReadonlySet<string> = new Set(['type', 'leaf']);

export function createExportVerifier(options: ExportVerifierOptions): ExportVerifier {
  return new Verification(options);
}

class Verification implements ExportVerifier {
  readonly #options: ExportVerifierOptions;
  readonly #problems: ExportProblem[] = [];
  readonly #tree: TreeBuilder;
  readonly #streams: StreamReplay;
  readonly #custody = createCustodyReplay();
  /** Sizes whose roots are needed, and the roots. */
  readonly #compared: Set<number>;
  readonly #roots = new Map<number, Uint8Array>();
  readonly #withheld = { absent: 0, expired: 0, filtered: 0 };
  #problemCount = 0;
  #header: ExportHeader | undefined;
  #absence: AbsenceCheck | undefined;
  #custodyDigest: Uint8Array = noCustodyDigest;
  #isRecorded = false;
  #hasEnded = false;
  #isLost = false;
  /** The last entry that something was wrong with. */
  #lastBad = -1;
  #entries = 0;
  #redacted = 0;

  constructor(options: ExportVerifierOptions) {
    this.#options = options;
    this.#tree = createTreeBuilder(options.hashing);
    this.#streams = createStreamReplay(options.hashing);
    this.#compared = new Set(options.trusted.checkpoints.map(({ size }) => size));
  }

  line(text: string): void {
    const value = parse(text);
    if (this.#hasEnded) {
      if (text !== '') this.#report('incomplete', this.#tree.size, 'it goes on after its end');
    } else if (value === undefined) this.#report('malformed', this.#tree.size);
    else if (this.#header === undefined) this.#takeHeader(value);
    else if (value.type === 'entry') this.#takeEntry(value, this.#header);
    else this.#takeOther(value);
  }

  progress(): number {
    return this.#header === undefined ? 0 : Math.min(1, this.#tree.size / this.#header.size);
  }

  async finish(): Promise<ExportReport> {
    const { hashing, verify, trusted } = this.#options;
    const header = this.#header;
    const size = this.#tree.size;
    const report = this.#report.bind(this);
    if (!this.#hasEnded || size !== header?.size) report('incomplete', size);
    const roots = this.#roots;
    const signatures = await verifyCheckpoints({ header, size, roots, trusted, hashing, verify }, report);
    const unexplained = this.#absence?.unexplained();
    if (unexplained !== undefined) report('absent_unexplained', unexplained);
    if (header !== undefined && !this.#isRecorded) report('export_unrecorded', header.custodyAt - 1);
    const custody = this.#compareCustody();
    return {
      ...{ ok: this.#problemCount === 0, problems: inOrder(this.#problems), problemCount: this.#problemCount },
      ...{ origin: signatures.origin, size, entries: this.#entries, redacted: this.#redacted },
      ...{ withheld: { ...this.#withheld }, links: this.#streams.counts(), custody, signatures },
    };
  }

  #report(code: ExportProblemCode, index: number | null, detail = ''): void {
    this.#problemCount += 1;
    if (index !== null && index > this.#lastBad) this.#lastBad = index;
    if (this.#problems.length < problemsAtMost) this.#problems.push({ code, index, detail });
  }

  /** From here on no entry has its place: one report says it. */
  #lost(detail: string): void {
    if (!this.#isLost) this.#report('out_of_order', this.#tree.size, detail);
    this.#isLost = true;
  }

  #read<S extends z.ZodType>(schema: S, value: unknown): z.output<S> | undefined {
    const result = schema.safeParse(value);
    if (!result.success) this.#report('malformed', this.#tree.size, result.error.issues[0]?.message ?? '');
    return result.data;
  }

  #takeHeader(value: unknown): void {
    const header = this.#read(exportHeader, value);
    if (header === undefined) return;
    this.#header = header;
    this.#compared.add(header.size);
    this.#absence = createAbsenceCheck(header);
  }

  #push(level: number, hash: Uint8Array): void {
    this.#tree.push(level, hash);
    const { size } = this.#tree;
    if (this.#compared.has(size)) this.#roots.set(size, this.#tree.root());
  }

  #takeEntry(value: Record<string, unknown>, header: ExportHeader): void {
    const leaf = typeof value.leaf === 'string' ? bytesOfBase64(value.leaf) : undefined;
    const at = this.#tree.size;
    if (leaf?.length !== hashBytes || !isSealedLine(value, framing)) {
      this.#report('malformed', at);
      // Its place is known all the same, so that what follows can be looked at.
      if (leaf?.length === hashBytes && value.index === at) this.#push(0, leaf);
    } else if (value.index !== at) this.#lost(`the file has entry ${value.index} here`);
    else {
      const line: SealedLine = value;
      this.#entries += 1;
      const answer = leafOfEntry(this.#options.hashing, line);
      this.#push(0, this.#checkEntry(line, leaf, answer));
      const wrong = this.#streams.take(line, answer.ok ? answer.dataText : canonicalJson(line.data));
      if (wrong !== undefined) this.#report(wrong.code, at, wrong.detail);
      if (line.tenant !== header.tenant) this.#report('foreign', at);
      this.#absence?.take(line);
      if (at < header.custodyAt) this.#custody.take(line);
      if (at === header.custodyAt - 1) this.#isRecorded = this.#isThisExport(line, header);
    }
  }

  /** Answers the leaf as it follows from the entry, or what the file says where nothing follows. */
  #checkEntry(line: SealedLine, stated: Uint8Array, answer: LeafOfEntry): Uint8Array {
    if (!answer.ok) {
      this.#report('value_changed', line.index, `${answer.field}: ${answer.problem}`);
      return stated;
    }
    if (!equalBytes(answer.leaf, stated)) this.#report('entry_changed', line.index, line.kind);
    if (answer.redacted) this.#redacted += 1;
    // People leave an entry all at once, and with them everything that opens a commitment.
    if (line.salts !== null) {
      const opened = Object.keys(line.salts).length;
      const isPart = answer.redacted || opened !== Object.keys(line.commitments).length;
      if (isPart) this.#report('value_changed', line.index, 'a value was taken out');
    }
    return answer.leaf;
  }

  /** Whether this is the line that the trail has of the export, with its filter and its custody. */
  #isThisExport({ data, kind, counterpart, index, recordedAt }: SealedLine, header: ExportHeader): boolean {
    if (kind !== 'trail.exported' || counterpart !== header.person || recordedAt !== header.exportedAt) return false;
    if (data.custodyDigest !== base64OfBytes(this.#custodyDigest)) this.#report('custody_changed', index);
    const filter = data.filter as Json;
    return (
      data.expiredBefore === header.expiredBefore && canonicalJson(filter ?? null) === canonicalJson(header.filter)
    );
  }

  #takeOther(value: Record<string, unknown>): void {
    if (value.type === 'custody') this.#takeCustody(value);
    else if (value.type === 'subtrees') this.#takeSubtrees(value);
    else if (value.type === 'tile') this.#takeTile(value);
    else if (value.type === 'end') this.#takeEnd(value);
    else this.#report('malformed', this.#tree.size);
  }

  #takeCustody(value: unknown): void {
    const line = this.#read(custodyLine, value);
    if (line === undefined) return;
    if (this.#tree.size > 0) this.#report('out_of_order', this.#tree.size);
    this.#custodyDigest = nextCustodyDigest(this.#options.hashing, this.#custodyDigest, line);
    this.#custody.expect(line);
  }

  #takeSubtrees(value: unknown): void {
    const line = this.#read(subtreesLine, value);
    if (line === undefined) return;
    const { from, to, reason } = line;
    const isNext = from === this.#tree.size && to > from;
    const places = isNext ? subtreesBetween(from, to) : [];
    const hashes = line.hashes.map(bytesOfBase64).filter((hash) => hash?.length === hashBytes);
    if (!isNext) this.#lost(`the file goes on at ${from}`);
    else if (hashes.length !== places.length || hashes.length !== line.hashes.length) this.#report('malformed', from);
    else {
      this.#withheld[reason] += to - from;
      this.#absence?.leave(line);
      for (const [at, { level }] of places.entries()) this.#push(level, hashes[at] as Uint8Array);
    }
  }

  #takeTile(value: unknown): void {
    const line = this.#read(tileLine, value);
    if (line === undefined) return;
    const { size } = this.#tree;
    const hash = size === (line.index + 1) * 2 ** tileLevel ? this.#tree.endsWith(tileLevel) : undefined;
    if (hash === undefined) this.#lost('a tile ends here');
    else if (base64OfBytes(hash) !== line.hash) {
      const from = line.index * 2 ** tileLevel;
      // An entry of the tile that was told already says more.
      if (this.#lastBad < from) this.#report('tile_differs', from, `up to entry ${size - 1}`);
    }
  }

  #takeEnd(value: unknown): void {
    this.#hasEnded = true;
    const line = this.#read(endLine, value);
    if (line !== undefined && (line.entries !== this.#entries || line.withheld !== this.#withheldCount())) {
      this.#report('incomplete', this.#tree.size);
    }
  }

  #withheldCount(): number {
    return this.#withheld.absent + this.#withheld.expired + this.#withheld.filtered;
  }

  #compareCustody(): ExportReport['custody'] {
    const verdicts = this.#custody.compare(this.#withheldCount() === 0);
    for (const { asset, word, detail } of verdicts) {
      if (word === 'differs') this.#report('custody_differs', null, `asset ${asset}: ${detail}`);
    }
    const unknown = verdicts.filter(({ word }) => word === 'unknown').length;
    return { checked: verdicts.length - unknown, unknown };
  }
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** By entry; what is about no entry comes last. */
function inOrder(problems: readonly ExportProblem[]): readonly ExportProblem[] {
  return [...problems].sort((a, b) => (a.index ?? Number.MAX_VALUE) - (b.index ?? Number.MAX_VALUE));
}
