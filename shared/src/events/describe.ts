import type { Reference } from '../api/common.js';
import type { EntryView } from '../api/entry.js';
import { describeEn } from './describe-en.js';
import { describeFr } from './describe-fr.js';
import type { Facts, KnownKind, Language, Words } from './describe-words.js';
import { takeReason } from './take-reason.js';
import { takeReasonText } from './take-reason-text.js';

export type { Language } from './describe-words.js';

/** A piece of the sentence: plain words, or a name that stands for an object with its own page. */
export type SentencePart =
  | { readonly text: string; readonly of: null }
  | {
      readonly text: string;
      readonly of: 'actor' | 'asset' | 'cabinet' | 'counterpart' | 'site';
      readonly reference: Reference;
    };

const wordsOf: Readonly<Record<Language, Words>> = { en: describeEn, fr: describeFr };
const nonBreaking = '\u00a0';

/**
 * One sentence for a person who reads the trail. Never fails: content that has expired or is not
 * understood becomes general words, an unknown kind says so.
 */
export function describeEntry(entry: EntryView, language: Language): string {
  return describeParts(entry, language)
    .map((part) => part.text)
    .join('');
}

/** The same sentence in pieces, so that a screen can link the names in it. */
export function describeParts(entry: EntryView, language: Language): SentencePart[] {
  const words = wordsOf[language];
  const sentence = isKnown(words, entry.kind) ? words.sentences[entry.kind](factsOf(entry)) : words.unknownKind;
  const parts: SentencePart[] = [];
  for (const piece of sentence.split(/(\{[a-zA-Z]+\})/)) {
    if (piece === '') continue;
    parts.push(piece.startsWith('{') ? partOf(piece.slice(1, -1), entry, language) : { text: piece, of: null });
  }
  const [first, ...rest] = parts;
  return first === undefined ? [] : [{ ...first, text: capital(first.text) }, ...rest];
}

function isKnown(words: Words, kind: string): kind is KnownKind {
  return Object.hasOwn(words.sentences, kind);
}

function factsOf(entry: EntryView): Facts {
  const counterpart = entry.counterpart;
  return {
    actor: entry.actor !== null,
    counterpart: counterpart !== null,
    takenByOther: counterpart !== null && counterpart.id !== entry.actor?.id,
    text: (name) => textOf(entry.data[name]),
    number: (name) => numberOf(entry.data[name]),
    is: (name, value) => entry.data[name] === value,
    count: (name) => {
      const list = entry.data[name];
      return Array.isArray(list) ? list.length : numberOf(list);
    },
  };
}

function partOf(name: string, entry: EntryView, language: Language): SentencePart {
  const words = wordsOf[language];
  switch (name) {
    case 'actor':
      return reference('actor', entry.actor, words.someone, words.formerColleague);
    case 'counterpart':
      return reference('counterpart', entry.counterpart, words.someone, words.formerColleague);
    case 'asset': {
      const unlinked = textOf(entry.data.name) ?? words.aTool;
      return reference('asset', entry.asset, unlinked, unlinked);
    }
    case 'cabinet':
      return reference('cabinet', entry.cabinet, words.aCabinet, words.aCabinet);
    case 'site':
      return reference('site', entry.site, words.aSite, words.aSite);
    case 'kind':
      return { text: entry.kind, of: null };
    case 'reason': {
      const { reason, reasonName, reasonSince } = entry.data;
      const byName = takeReason.safeParse({ reason, reasonName, reasonSince });
      if (byName.success) return { text: takeReasonText(byName.data, language), of: null };
      return { text: valueText(name, reason, words), of: null };
    }
    default:
      return { text: valueText(name, entry.data[name], words), of: null };
  }
}

function reference(
  of: Exclude<SentencePart['of'], null>,
  target: Reference | null,
  absent: string,
  nameless: string,
): SentencePart {
  return target === null ? { text: absent, of: null } : { text: target.name ?? nameless, of, reference: target };
}

function valueText(name: string, value: unknown, words: Words): string {
  const number = numberOf(value);
  if (number !== null) return name.endsWith('Ms') ? durationText(number) : String(number);
  const text = textOf(value);
  if (text === null) return words.unnamed;
  if (name === 'device') return words.devices[text] ?? text;
  if (name === 'epc') return shortEpc(text);
  return Object.hasOwn(words.codes, text) ? (words.codes[text] ?? text) : text;
}

/** A code of an event or a quarantined message in words; the code itself when there are none. */
export function codeText(code: string, language: Language): string {
  const { codes } = wordsOf[language];
  return Object.hasOwn(codes, code) ? (codes[code] ?? code) : code;
}

/** `2 min`, with a space that does not break; the units are the same in both languages. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds}${nonBreaking}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes}${nonBreaking}min`;
  return `${Math.round(minutes / 60)}${nonBreaking}h`;
}

/** An EPC shortened in the middle, as on every screen. */
export function shortEpc(epc: string): string {
  return epc.length <= 13 ? epc : `${epc.slice(0, 6)}…${epc.slice(-6)}`;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}
