import { type LineNumberForm, lineNumber } from './line-number.js';
import { maxLineBytes } from './line-pattern.js';

export type LineTerminator = 'cr' | 'lf' | 'crlf';

/** How a reader writes its lines (protocols.md section 4.5). */
export interface AsciiLineProfile extends LineNumberForm {
  readonly terminator: LineTerminator;
  readonly prefix: string;
  readonly suffix: string;
  /** From `readLinePattern`: its one group holds the number. */
  readonly pattern: RegExp;
}

/** Why bytes were dropped: not printable, not of the profile's form, too long, or never ended. */
export type AsciiLineDiscardReason = 'noise' | 'malformed' | 'overlong' | 'stale';

export interface AsciiLineParserOptions {
  readonly profile: AsciiLineProfile;
  /** `number` is upper-case hex of `profile.digits` digits; `bytes` is the line with its terminator. */
  onNumber(number: string, bytes: number): void;
  onDiscard(reason: AsciiLineDiscardReason, bytes: number): void;
}

export interface AsciiLineParser {
  push(chunk: Uint8Array): void;
  /** Gives up a line that stays without an end. */
  flushStale(): void;
  /** Never more than `maxLineBytes` and one. */
  readonly pendingBytes: number;
}

const cr = 0x0d;
const lf = 0x0a;

/**
 * Cuts lines and reads the number in each. A line has no check value: one with any wrong character
 * is dropped whole rather than read in part. Every byte ends in one line or one `onDiscard`.
 */
export function createAsciiLineParser({ profile, onNumber, onDiscard }: AsciiLineParserOptions): AsciiLineParser {
  const last = profile.terminator === 'cr' ? cr : lf;
  let line = '';
  let sawCr = false;
  /** The rest of a line that was too long, up to its end. */
  let skipping = false;

  function pending(): number {
    return line.length + (sawCr ? 1 : 0);
  }

  function drop(reason: AsciiLineDiscardReason, more: number): void {
    const bytes = pending() + more;
    line = '';
    sawCr = false;
    if (bytes > 0) onDiscard(reason, bytes);
  }

  function endLine(): void {
    const whole = profile.terminator !== 'crlf' || sawCr;
    const number = whole && !skipping ? readLine(line, profile) : null;
    const bytes = pending() + 1;
    if (number === null) {
      drop(skipping ? 'overlong' : line === '' ? 'noise' : 'malformed', 1);
      skipping = false;
      return;
    }
    line = '';
    sawCr = false;
    onNumber(number, bytes);
  }

  function take(byte: number): void {
    if (byte === last) endLine();
    else if (sawCr) {
      drop('malformed', 0);
      take(byte);
    } else if (byte === cr && profile.terminator === 'crlf') sawCr = true;
    else if (byte < 0x20 || byte > 0x7e) drop('noise', 1);
    else if (line.length >= maxLineBytes) {
      drop('overlong', 1);
      skipping = true;
    } else line += String.fromCharCode(byte);
  }

  return {
    push: (chunk) => {
      for (const byte of chunk) take(byte);
    },
    flushStale: () => {
      drop('stale', 0);
      skipping = false;
    },
    get pendingBytes() {
      return pending();
    },
  };
}

function readLine(line: string, profile: AsciiLineProfile): string | null {
  const { prefix, suffix, pattern } = profile;
  if (line.length < prefix.length + suffix.length) return null;
  if (!line.startsWith(prefix) || !line.endsWith(suffix)) return null;
  const text = pattern.exec(line.slice(prefix.length, line.length - suffix.length))?.[1];
  return text === undefined ? null : lineNumber(text, profile);
}

const ends: Readonly<Record<LineTerminator, string>> = { cr: '\r', lf: '\n', crlf: '\r\n' };

/** The bytes that a reader of this profile sends for a number as it prints it. */
export function encodeAsciiLine(
  text: string,
  profile: Pick<AsciiLineProfile, 'prefix' | 'suffix' | 'terminator'>,
): Uint8Array {
  const line = `${profile.prefix}${text}${profile.suffix}${ends[profile.terminator]}`;
  return Uint8Array.from(line, (character) => character.charCodeAt(0) & 0x7f);
}
