/**
 * How much of what a line delivered in the last five seconds made sense. Bytes are summed in slots
 * of half a second, so that the record stays small whatever the line does.
 */
export interface LineQuality {
  readonly earlier: readonly QualitySlot[];
  /** The one that grows with every frame, so that those before it are not copied each time. */
  readonly newest: QualitySlot | null;
}

interface QualitySlot {
  /** Start of the slot, in units of `slotMs`. */
  readonly slot: number;
  readonly valid: number;
  readonly discarded: number;
}

export const lineQualityRules = {
  slotMs: 500,
  windowMs: 5000,
  /** Fewer bytes than this are too few to judge a line that is in use. */
  minBytes: 64,
} as const;

const noBytes = { valid: 0, discarded: 0 };

export const freshLine: LineQuality = { earlier: [], newest: null };

/** Adds bytes that belonged to valid frames, or to none. */
export function recordBytes(
  quality: LineQuality,
  bytes: { readonly valid?: number; readonly discarded?: number },
  at: number,
): LineQuality {
  const slot = Math.floor(at / lineQualityRules.slotMs);
  const valid = bytes.valid ?? 0;
  const discarded = bytes.discarded ?? 0;
  const { newest } = quality;
  if (newest !== null && newest.slot === slot) {
    const sum = { slot, valid: newest.valid + valid, discarded: newest.discarded + discarded };
    return { earlier: quality.earlier, newest: sum };
  }
  const earlier = newest === null ? [] : [...quality.earlier, newest].filter((one) => !isOld(one, at));
  return { earlier, newest: { slot, valid, discarded } };
}

/**
 * True when more than half of at least `minBytes` bytes of the window was discarded. A line that
 * `was` garbled is clean only when three quarters make sense, so that its status does not flutter.
 */
export function isGarbled(quality: LineQuality, at: number, was: boolean): boolean {
  const { earlier, newest } = quality;
  let { valid, discarded } = newest === null || isOld(newest, at) ? noBytes : newest;
  for (const one of earlier) {
    if (isOld(one, at)) continue;
    valid += one.valid;
    discarded += one.discarded;
  }
  if (was) return 3 * discarded > valid;
  return valid + discarded >= lineQualityRules.minBytes && discarded > valid;
}

function isOld(one: QualitySlot, at: number): boolean {
  return (one.slot + 1) * lineQualityRules.slotMs <= at - lineQualityRules.windowMs;
}
