/**
 * What a module answered, by opcode, in published captures. `origin` as in the shared vectors:
 * nano = a record of an M6e Nano, m5e = a record of an M5e, calc = built from the published layout.
 */
export const moduleReplies = {
  version: { origin: 'nano', hex: 'ff14030000141208003000000220220804010b0125000000107962' },
  bootedApplication: { origin: 'm5e', hex: 'ff1404000007102300010000032014100701070209000000105251' },
  runsApplication: { origin: 'nano', hex: 'ff010c0000526303' },
  regionSet: { origin: 'm5e', hex: 'ff00970000779e' },
  protocolSet: { origin: 'm5e', hex: 'ff00930000371a' },
  antennasSet: { origin: 'nano', hex: 'ff009100001758' },
  /** 23 dBm set, 23 at most, 10 at least. */
  readPowerLimits: { origin: 'm5e', hex: 'ff076200000108fc08fc03e87ac9' },
  readPowerSet: { origin: 'm5e', hex: 'ff00920000273b' },
  readerParamSet: { origin: 'm5e', hex: 'ff009a0000a633' },
  readingStarted: { origin: 'nano', hex: 'ff042f0000012200006dc3' },
  readingStopped: { origin: 'calc', hex: 'ff032f0000020000dcfe' },
} as const;

/** Frames that arrive unasked while the module reads. */
export const streamFrames = {
  roundEnd: { origin: 'nano', hex: 'ff0022040084e0' },
  roundEndEmpty: { origin: 'calc', hex: 'ff0022000080e0' },
  /** EPC 3474257BF40000000000162E at antenna 1, -52 dBm. */
  tagOne: {
    origin: 'calc',
    hex: 'ff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d80e60',
    epc: '3474257BF40000000000162E',
    antenna: 1,
    rssiDbm: -52,
  },
  tagThree: {
    origin: 'calc',
    hex: 'ff2822000010001b01ff0101d1330d35a40000002c005a05000000008030003374257bf40c0e400000162e02336ae8',
    epc: '3374257BF40C0E400000162E',
    antenna: 3,
    rssiDbm: -47,
  },
  /** Right frame check, wrong check of the tag itself. */
  tagWithBadCrc: {
    origin: 'calc',
    hex: 'ff2822000010001b01ff0101cc110d35a40000000c000005000000008030003474257bf40000000000162ec9d90e61',
  },
  /** Captured in the field: right frame check, EPC of -2 bytes. */
  malformedTag: { origin: 'sf', hex: 'ff1c22000010001b01ff0101d9220dc65e0000001400b1050000000020021817ab1336' },
  temperature: { origin: 'nano', hex: 'ff0b2200008800011b0282008200011c1d49' },
  antennaMissing: { origin: 'calc', hex: 'ff0022050385e3' },
  tooHot: { origin: 'calc', hex: 'ff0022050485e4' },
  transmitterNotSetUp: { origin: 'calc', hex: 'ff0022040584e5' },
} as const;
