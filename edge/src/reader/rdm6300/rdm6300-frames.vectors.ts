/** Frames of real badges and of noise that passed the check, by where they were published (see the shared vectors). */
export const badgeFrames = {
  /** hb */
  badge: { hex: '0231463030363434424236383603', number: '1F00644BB6' },
  /** bruce; refused by firmware that parses it as a signed number */
  highBit: { hex: '0230314338463030383030333103', number: '01C8F00800' },
  /** ph */
  phantom: { hex: '0230303030303030373846383803', number: '000000078F' },
  /** eh: 13 bytes */
  short: { hex: '02303131344145334242433c03' },
  /** py: wrong xor */
  badCheck: { hex: '0236383030334235314336434203' },
} as const;
