import { decodeEpc } from './epc-decode.js';

/**
 * The name of a tag for people and other systems: its pure identity when it carries a GS1 number,
 * else the raw URI with the memory contents. Total: text that is not hex gives the URI of an empty
 * memory.
 */
export function epcUri(hex: string): string {
  return decodeEpc(hex)?.uri ?? rawUri(hex);
}

/** `urn:epc:raw:96.xE28011606000020000000001` (Tag Data Standard 1.13, section 12). */
export function rawUri(hex: string): string {
  const memory = /^[0-9A-Fa-f]*$/.test(hex) ? hex.toUpperCase() : '';
  return `urn:epc:raw:${memory.length * 4}.x${memory}`;
}
