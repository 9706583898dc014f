/**
 * What the cloud sends to a cabinet carries the cloud's signature (Ed25519, base64url) as the last
 * member `sig` of its JSON. It covers the bytes as they travel and the topic, which names the
 * cabinet: whoever holds the broker can neither make up a message nor deliver it to another cabinet.
 */
const tail = /,"sig":"([A-Za-z0-9_-]{86})"\}$/;

/** The text that the signature of a message without its `sig` covers. */
export function downSignedText(topic: string, body: string): string {
  return `tagtrail down v1\n${topic}\n${body}`;
}

/** @param body JSON text of an object with at least one member. */
export function withDownSignature(body: string, sig: string): string {
  return `${body.slice(0, -1)},"sig":"${sig}"}`;
}

/** The message as it was before it was signed; `sig` is null for one that is not signed. */
export function splitDownSignature(text: string): { readonly body: string; readonly sig: string | null } {
  const found = tail.exec(text);
  const sig = found?.[1];
  return sig === undefined ? { body: text, sig: null } : { body: `${text.slice(0, found?.index)}}`, sig };
}
