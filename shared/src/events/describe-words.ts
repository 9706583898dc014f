import type { CloudEventKind } from './cloud-event.js';
import type { TraceEventKind } from './trace-event.js';

export type Language = 'en' | 'fr';
export type KnownKind = TraceEventKind | CloudEventKind;

/** What a sentence may depend on: the entry's references and its `data`, read without trust. */
export interface Facts {
  readonly actor: boolean;
  /** True when somebody other than the actor had the tool. */
  readonly takenByOther: boolean;
  readonly counterpart: boolean;
  text(name: string): string | null;
  number(name: string): number | null;
  is(name: string, value: unknown): boolean;
  /** The length of a list in `data`; null when it is not there. */
  count(name: string): number | null;
}

/** A sentence with `{placeholders}`; the references among them become links on a screen. */
export type Sentence = (facts: Facts) => string;

export interface Words {
  readonly sentences: Readonly<Record<KnownKind, Sentence>>;
  /** For a kind that this version does not know. */
  readonly unknownKind: string;
  readonly formerColleague: string;
  readonly someone: string;
  readonly aCabinet: string;
  readonly aTool: string;
  readonly aSite: string;
  readonly unnamed: string;
  readonly devices: Readonly<Record<string, string>>;
  /** Codes in `data` as words: refusals, reasons, outcomes, categories. */
  readonly codes: Readonly<Record<string, string>>;
}

/** Joins the parts that have something to say. */
export function joined(parts: readonly (string | null | false)[], separator = ', '): string {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '').join(separator);
}

/** `3 tools` in the language's own plural; null for nothing. */
export function some(count: number | null, one: string, many: string): string | null {
  if (count === null || count === 0) return null;
  return count === 1 ? one : many.replace('#', String(count));
}
