/** RDM6300 and other EM4100 readers: 9600 8N1, the frame repeats about every 65 ms while a badge is held. */
export const rdm6300Baud = 9600;
export const rdm6300RepeatMs = 65;

/** 02, ten hex digits (version byte and four tag bytes), two hex digits = their xor, 03. */
export const frameBytes = 14;
export const frameStart = 0x02;
export const frameEnd = 0x03;

/** A frame that stays incomplete for this long is not one. */
export const staleAfterMs = 50;
