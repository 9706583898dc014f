/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON of RFC 8785: members sorted by UTF-16 code units, no white space, numbers as
 * ECMAScript writes them. Members that are `undefined` are left out.
 */
export function canonicalJson(value: Json): string {
  // What has its members in order already, as all JSON that was canonical once, the platform writes faster.
  return isOrdered(value) ? JSON.stringify(value) : sortedJson(value);
}

/** Whether the platform's JSON of a value is the canonical one. */
function isOrdered(value: Json | undefined): boolean {
  if (value === null || typeof value !== 'object') return true;
  // What writes itself is not told by its members, and the platform writes null for a missing item only.
  if (Array.isArray(value)) {
    for (let place = 0; place < value.length; place++)
      if (value[place] === undefined || !isOrdered(value[place])) return false;
    return true;
  }
  const object = value as { readonly [key: string]: Json | undefined };
  let before = '';
  for (const key in object) {
    if (key < before || typeof object[key] === 'function' || !isOrdered(object[key])) return false;
    before = key;
  }
  return true;
}

function sortedJson(value: Json): string {
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
  if (keys.length > insertedAtMost) return keys.sort();
  // In place: the sort of the platform makes arrays of its own, and there are millions of small objects.
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next] as string;
    let place = next;
    for (; place > 0 && (keys[place - 1] as string) > key; place--) keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
}

/** More members than this are sorted by the platform: inserting one by one takes the square of their number. */
const insertedAtMost = 24;
