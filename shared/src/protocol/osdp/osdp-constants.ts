/* SIA OSDP 2.2, and protocols.md section 4.3. */
export const osdpBaud = 9600;
export const startOfMessage = 0x53;
export const replyBit = 0x80;
export const broadcastAddress = 0x7f;

/** From the start byte through the control byte. */
export const headerBytes = 5;
export const macBytes = 4;
/** Longer frames are for file transfers, which nobody here makes. */
export const maxFrameBytes = 512;

export const control = { sequence: 0x03, crc: 0x04, security: 0x08 } as const;

export const osdpCommand = {
  poll: 0x60,
  id: 0x61,
  capabilities: 0x62,
  localStatus: 0x64,
  led: 0x69,
  buzzer: 0x6a,
  keySet: 0x75,
  challenge: 0x76,
  serverCryptogram: 0x77,
} as const;

export const osdpReply = {
  ack: 0x40,
  nak: 0x41,
  id: 0x45,
  capabilities: 0x46,
  localStatus: 0x48,
  rawCard: 0x50,
  keypad: 0x53,
  clientCryptogram: 0x76,
  initialMac: 0x78,
  busy: 0x79,
} as const;

export const osdpNak = {
  badCheck: 1,
  badLength: 2,
  unknownCommand: 3,
  sequence: 4,
  securityUnsupported: 5,
  securityNeeded: 6,
} as const;

/** Types of the security block: the handshake, then MAC only, then MAC and encrypted data. */
export const securityType = {
  challenge: 0x11,
  clientCryptogram: 0x12,
  serverCryptogram: 0x13,
  initialMac: 0x14,
  commandMac: 0x15,
  replyMac: 0x16,
  commandEncrypted: 0x17,
  replyEncrypted: 0x18,
} as const;

/** The key with which readers are delivered (SCBK-D): everybody knows it. */
export const installKeyHex = '303132333435363738393A3B3C3D3E3F';
