const table = Uint16Array.from({ length: 256 }, (_, high) => {
  let register = high << 8;
  for (let bit = 0; bit < 8; bit++) register = register & 0x8000 ? (register << 1) ^ 0x1021 : register << 1;
  return register;
});

/**
 * The frame check of Mercury: the remainder of (FFFF followed by `bytes[from .. to)`) divided by
 * x^16+x^12+x^5+1, with no zeros appended and no final xor. It is not CRC-16/CCITT-FALSE.
 */
export function mercuryCrc(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) {
    crc = (((crc & 0xff) << 8) | (bytes[i] as number)) ^ (table[crc >>> 8] as number);
  }
  return crc;
}

/** The CRC that a Gen2 tag stores over PC, XPC and EPC: polynomial 1021, init FFFF, final xor FFFF (Gen2 annex F). */
export function tagCrc(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) {
    crc = ((crc << 8) & 0xffff) ^ (table[(crc >>> 8) ^ (bytes[i] as number)] as number);
  }
  return crc ^ 0xffff;
}
