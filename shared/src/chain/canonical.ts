/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON of RFC 8785: members sorted by UTF-16 code units, no white space, numbers as
 * ECMAScript writes them. Members that are `undefined` are left out.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  let text = '';
  for (const key of sortedKeys(object)) {
    const member = object[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** The canonical JSON of an object whose members are canonical JSON already. */
export function canonicalObject(members: { readonly [key: string]: string }): string {
  let text = '';
  for (const key of sortedKeys(members)) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${members[key]}`;
  return `{${text}}`;
}

/**
 * The names of an object's members by UTF-16 code units. Most objects come with their members in order already:
 * JSON that was canonical once, or was written so.
 */
export function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object);
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort();
  return keys;
}
