/**
 * Regular expressions that an operator may write for the lines of a badge reader. Lines are short
 * (`maxLineBytes`), but nested repetition takes exponential time even on those, so a pattern has a
 * bounded shape: one capturing group, nothing that repeats a group, at most three open repetitions.
 */
export const maxLineBytes = 64;
const maxPatternLength = 200;
const maxOpenRepetitions = 3;

/** Null when `pattern` is no regular expression, has not exactly one group, or could take long. */
export function readLinePattern(pattern: string): RegExp | null {
  if (pattern.length > maxPatternLength || !isBounded(pattern)) return null;
  try {
    const groups = new RegExp(`${pattern}|`).exec('')?.length ?? 0;
    return groups === 2 ? new RegExp(pattern) : null;
  } catch {
    return null;
  }
}

function isBounded(pattern: string): boolean {
  // Neither characters behind a backslash nor those in a class repeat or group anything.
  const bare = pattern.replace(/\\[^1-9k]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (/\\|\(\?[=!<]|\)[*+?{]/.test(bare)) return false;
  return (bare.match(/[*+]|\{\d+,\d*\}/g) ?? []).length <= maxOpenRepetitions;
}
