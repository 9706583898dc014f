const named = /"session":"(session_[0-9a-hjkmnp-tv-z]{26})"/g;
const atMost = 20;

/** The cabinet sessions (TypeIDs) that a batch names, found in its bytes: the broker's side does not decode. */
export function sessionsNamed(payload: Uint8Array): readonly string[] {
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1');
  return [...new Set(Array.from(text.matchAll(named), (match) => match[1] as string))].slice(0, atMost);
}
