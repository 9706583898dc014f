/** Whose fault an error is, so that a caller can decide who has to act. */
export type ErrorKind =
  /** A person can mend it: a setting, a cable, a request. */
  | 'operator'
  /** A reader, lock or badge device misbehaves. */
  | 'device'
  /** The other end of a network connection misbehaves. */
  | 'peer'
  /** Our own broken assumption. */
  | 'bug';

export interface AppErrorOptions {
  readonly kind: ErrorKind;
  /** Facts for the log; never shown to a person, never secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The base of every error that is thrown on purpose. `code` is stable (`area.noun`), `message` is
 * a sentence a person may read, `detail` is for the log.
 */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = options.kind;
    this.detail = options.detail ?? {};
  }
}

/** True when `error` is an AppError with one of `codes` (or any code when none is given). */
export function isAppError(error: unknown, ...codes: readonly string[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** A message for a log line or an operator, whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
