export type LogFields = Readonly<Record<string, unknown>>;

/** What every part may ask of a logger; pino satisfies it. Names are `area.noun.past-tense`. */
export interface Log {
  debug(fields: LogFields, name: string): void;
  info(fields: LogFields, name: string): void;
  warn(fields: LogFields, name: string): void;
  error(fields: LogFields, name: string): void;
}

/** Swallows every line; for tests that look at outcomes only. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
