import { errorText } from '@tagtrail/shared/error.js';

/** One thing that is looked at when somebody asks how the process is. */
export interface HealthCheck {
  readonly name: string;
  /** The process can do its work only while this is well. */
  readonly vital: boolean;
  /** Answers what is wrong in words for an operator, or undefined. */
  readonly look: () => string | undefined | Promise<string | undefined>;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly vital: boolean; readonly problem: string | null }[];
}

/** Looks at everything; a check that throws is a problem and not an error of its own. */
export async function reportHealth(checks: readonly HealthCheck[]): Promise<HealthReport> {
  const seen = await Promise.all(
    checks.map(async ({ name, vital, look }) => {
      try {
        return { name, vital, problem: (await look()) ?? null };
      } catch (error) {
        return { name, vital, problem: errorText(error) };
      }
    }),
  );
  return { ready: seen.every(({ vital, problem }) => !vital || problem === null), checks: seen };
}
