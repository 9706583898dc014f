/** What is stored of a cabinet's connection before news of it. Times are wall milliseconds. */
export interface PresenceBefore {
  readonly online: boolean;
  readonly heardAtMs: number | null;
  /** Since when it is gone without a line of the trail that says so. */
  readonly leftAtMs: number | null;
}

export const unheard: PresenceBefore = { online: false, heardAtMs: null, leftAtMs: null };

export interface PresenceLine {
  readonly kind: 'cabinet.connected' | 'cabinet.disconnected';
  readonly atMs: number;
}

export interface PresenceStep {
  readonly leftAtMs: number | null;
  readonly lines: readonly PresenceLine[];
}

/** A cabinet that is back within this time leaves no line in the trail. */
export const graceMs = 10_000;
/** News of two processes cross within this time; a clock that was set back is further off. */
const crossingMs = 5_000;

/**
 * What news of a cabinet changes; undefined for news that is older than what another process has
 * written. A loss becomes a line when it lasts longer than the grace, and so does the return after it.
 */
export function presenceStep(
  before: PresenceBefore,
  news: { readonly online: boolean; readonly atMs: number },
): PresenceStep | undefined {
  const aheadMs = (before.heardAtMs ?? news.atMs) - news.atMs;
  if (aheadMs > 0 && aheadMs < crossingMs) return undefined;
  if (!news.online) return { leftAtMs: before.online ? news.atMs : before.leftAtMs, lines: [] };
  const connected: PresenceLine = { kind: 'cabinet.connected', atMs: news.atMs };
  if (before.leftAtMs === null) return { leftAtMs: null, lines: before.online ? [] : [connected] };
  if (news.atMs - before.leftAtMs < graceMs) return { leftAtMs: null, lines: [] };
  return { leftAtMs: null, lines: [{ kind: 'cabinet.disconnected', atMs: before.leftAtMs }, connected] };
}

/** The last starts of a cabinet's agent that said hello. */
export interface Boots {
  /** Newest first. */
  readonly heard: readonly string[];
  /** Since when the newest is heard. */
  readonly sinceMs: number | null;
}

export const unbooted: Boots = { heard: [], sinceMs: null };

export interface BootStep extends Boots {
  /** A start that came back after another one: a device with the same identity runs beside it. */
  readonly isDoubled: boolean;
}

const bootsKept = 8;

/**
 * What a hello of this start means. One agent never goes back to an earlier start; a hello that two
 * processes of the cloud took in crosswise is no return.
 */
export function bootStep(before: Boots, hello: { readonly boot: string; readonly atMs: number }): BootStep {
  const { boot, atMs } = hello;
  const [newest] = before.heard;
  if (newest === boot) return { ...before, isDoubled: false };
  const isReturn = before.heard.includes(boot);
  if (isReturn && before.sinceMs !== null && atMs - before.sinceMs < crossingMs) return { ...before, isDoubled: false };
  const heard = [boot, ...before.heard.filter((other) => other !== boot)].slice(0, bootsKept);
  return { heard, sinceMs: atMs, isDoubled: isReturn };
}
