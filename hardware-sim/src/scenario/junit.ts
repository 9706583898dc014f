/** One file of a run, as a JUnit report has it. */
export interface JunitCase {
  readonly name: string;
  readonly file: string;
  /** Time of the machine that ran it. */
  readonly seconds: number;
  /** Undefined when it passed. */
  readonly failure: { readonly message: string; readonly text: string } | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

/** A JUnit XML report, as CI systems read it. */
export function junitReport(suite: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="${escaped(suite)}" ${counts}>`,
    ...cases.flatMap(caseLines),
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines({ name, file, seconds, failure, properties }: JunitCase): readonly string[] {
  return [
    `<testcase classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}" time="${seconds.toFixed(3)}">`,
    '<properties>',
    ...Object.entries(properties).map(([key, value]) => `<property name="${escaped(key)}" value="${escaped(value)}"/>`),
    '</properties>',
    ...(failure === undefined
      ? []
      : [`<failure message="${escaped(failure.message)}">${escaped(failure.text)}</failure>`]),
    '</testcase>',
  ];
}

/** Text for XML 1.0: the five signs, and no character that it does not allow. */
function escaped(text: string): string {
  const allowed = [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0x20 || code === 0x09 || code === 0x0a;
  });
  return allowed
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
