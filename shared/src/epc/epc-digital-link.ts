import { AppError } from '../error.js';

const origin = 'https://id.gs1.org';

/** Characters of a serial in a URN: the GS1 set, with `" % & / < > ?` as percent escapes. */
const serialText = /^(?:[!'()*+,\-.0-9:;=A-Z_a-z]|%2[2-6F]|%3[CEF])+$/;

/**
 * The GS1 Digital Link of a pure identity: `/01/<gtin>/21/<serial>`, `/00/<sscc>`,
 * `/8003/<0, type with check digit, serial>`, `/8004/<prefix and reference>`.
 * @throws AppError `epc.no_digital_link` when `uri` is no well-formed SGTIN, SSCC, GRAI or GIAI.
 */
export function digitalLink(uri: string): string {
  const match = /^urn:epc:id:(sgtin|sscc|grai|giai):(\d{6,12})\.(.*)$/.exec(uri);
  if (match === null) return refuse(uri);
  const [, scheme, prefix = '', rest = ''] = match;
  if (scheme === 'giai') {
    if (!fits(rest, 30 - prefix.length)) return refuse(uri);
    return `${origin}/8004/${prefix}${rest}`;
  }
  if (scheme === 'sscc') {
    if (!/^\d+$/.test(rest) || rest.length !== 17 - prefix.length) return refuse(uri);
    return `${origin}/00/${withCheckDigit(rest.charAt(0) + prefix + rest.slice(1))}`;
  }
  const dot = rest.indexOf('.');
  const reference = rest.slice(0, Math.max(0, dot));
  const serial = rest.slice(dot + 1);
  const referenceDigits = (scheme === 'sgtin' ? 13 : 12) - prefix.length;
  if (dot < 0 || reference.length !== referenceDigits || !/^\d*$/.test(reference)) return refuse(uri);
  if (!fits(serial, scheme === 'sgtin' ? 20 : 16)) return refuse(uri);
  if (scheme === 'grai') return `${origin}/8003/${withCheckDigit(`0${prefix}${reference}`)}${serial}`;
  return `${origin}/01/${withCheckDigit(reference.charAt(0) + prefix + reference.slice(1))}/21/${serial}`;
}

/**
 * The pure identity behind a Digital Link. A link does not tell where the company prefix ends, so
 * its length must be known.
 * @throws AppError `epc.no_digital_link`, also on a wrong check digit.
 */
export function uriOfDigitalLink(link: string, prefixDigits: number): string {
  const path = /^https?:\/\/[^/]+((?:\/[^/]*)*?)\/(01\/\d{14}\/21|00|8003|8004)\/([^/?#]+)$/.exec(link);
  if (path === null || prefixDigits < 6 || prefixDigits > 12) return refuse(link);
  const [, , key = '', value = ''] = path;
  const uri = pureIdentity(key, value, prefixDigits);
  if (uri === null || digitalLink(uri) !== `${origin}/${key}/${value}`) return refuse(link);
  return uri;
}

function pureIdentity(key: string, value: string, prefixDigits: number): string | null {
  if (key === '8004') {
    return `urn:epc:id:giai:${value.slice(0, prefixDigits)}.${value.slice(prefixDigits)}`;
  }
  if (key === '8003') {
    const identity = value.slice(1, 13);
    return `urn:epc:id:grai:${identity.slice(0, prefixDigits)}.${identity.slice(prefixDigits)}.${value.slice(14)}`;
  }
  if (key === '00') {
    return `urn:epc:id:sscc:${value.slice(1, 1 + prefixDigits)}.${value.charAt(0)}${value.slice(1 + prefixDigits, 17)}`;
  }
  const gtin = key.slice(3, 17);
  return `urn:epc:id:sgtin:${gtin.slice(1, 1 + prefixDigits)}.${gtin.charAt(0)}${gtin.slice(1 + prefixDigits, 13)}.${value}`;
}

function fits(serial: string, maxCharacters: number): boolean {
  return serialText.test(serial) && serial.replaceAll(/%../g, '_').length <= maxCharacters;
}

/** GS1 check digit: weights 3 and 1 alternating from the right. */
function withCheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 0 ? 3 : 1);
  }
  return digits + String((10 - (sum % 10)) % 10);
}

function refuse(text: string): never {
  throw new AppError('epc.no_digital_link', 'This identity has no GS1 Digital Link in this form.', {
    kind: 'operator',
    detail: { text },
  });
}
