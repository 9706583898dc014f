export type Words = readonly string[];

/** Why a line was not understood. */
export interface Refused {
  readonly problem: string;
}

export function refused(problem: string): Refused {
  return { problem };
}

/** `within 3s` and `within 3 s` are the same, and so are `30%` and `30 %`. */
export function wordsOf(text: string): Words {
  return text
    .replace(/(^|\s)(\d+)(ms|s|min|h|days?|%)(?=\s|$)/g, '$1$2 $3')
    .split(/\s+/)
    .filter((word) => word !== '');
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Milliseconds of `10 s`; undefined for anything else. */
export function timeOf(words: Words): number | undefined {
  const [amount = '', unit = ''] = words;
  const factor = units[unit];
  if (words.length !== 2 || factor === undefined || !/^\d+(\.\d+)?$/.test(amount)) return undefined;
  return Number(amount) * factor;
}
