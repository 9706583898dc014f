import type { z } from 'zod';
import { AppError } from '../error.js';

/** One thing that is wrong with a setting, in words an operator can act on. */
export interface SettingProblem {
  readonly setting: string;
  readonly problem: string;
}

/** Raised once with every problem found, so that an operator mends them in one go. */
export class SettingsError extends AppError {
  readonly problems: readonly SettingProblem[];

  constructor(source: string, problems: readonly SettingProblem[]) {
    const lines = problems.map(({ setting, problem }) => `  ${setting}: ${problem}`);
    super('config.invalid', `${source} cannot be used:\n${lines.join('\n')}`, { kind: 'operator' });
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/**
 * Checks `values` against `schema` as a whole. Unknown keys are problems where the schema is strict.
 * @throws SettingsError naming every problem.
 */
export function parseSettings<S extends z.ZodType>(source: string, schema: S, values: unknown): z.output<S> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  throw new SettingsError(
    source,
    result.error.issues.map((issue) => ({ setting: issue.path.join('.') || '(whole)', problem: issue.message })),
  );
}
