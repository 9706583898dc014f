import { exportProblems } from '@tagtrail/shared/proof/export-problem.js';
import type { ExportReport } from '@tagtrail/shared/proof/verify-export.js';

/** The report as a person reads it on a terminal. */
export function reportText(report: ExportReport): string {
  const { withheld, links, custody, signatures } = report;
  const lines = [
    ...report.problems.map(
      ({ code, index, detail }) =>
        `${index === null ? '' : `entry ${index}: `}${exportProblems[code]}${detail === '' ? '' : ` (${detail})`} [${code}]`,
    ),
    ...(report.problemCount > report.problems.length
      ? [`and ${report.problemCount - report.problems.length} more`]
      : []),
    `log ${report.origin ?? 'unknown'}, ${report.size} entries: ${report.entries} in the file, ` +
      `${withheld.absent} deleted by retention, ${withheld.expired} expired, ${withheld.filtered} not asked for`,
    `${report.redacted} entries are without the people in them`,
    `chains of the cabinets: ${links.checked} links hold, ${links.unknown} cannot be checked any more`,
    `custody: ${custody.checked} assets replayed, ${custody.unknown} rest on entries that are not in the file`,
    `kept checkpoints that agree: ${signatures.agreed}`,
    ...signatures.witnesses.map(
      ({ name, at, isTrusted }) =>
        `cosigned by ${name} at ${at}${isTrusted ? '' : ' (its key is the file’s own word)'}`,
    ),
    ...(signatures.keyIsTrusted
      ? []
      : ['No key was given: the file vouches for itself alone. Compare its key with one that you keep, with --key.']),
    report.ok ? 'GOOD: the export holds.' : 'BAD: the export does not hold.',
  ];
  return `${lines.join('\n')}\n`;
}
