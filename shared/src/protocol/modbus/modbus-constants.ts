/** Modbus RTU as relay and input boards speak it (Modbus over serial line 1.02, application protocol 1.1b3). */

export const modbusFunction = {
  readCoils: 0x01,
  readInputs: 0x02,
  readRegisters: 0x03,
  writeCoil: 0x05,
  writeRegister: 0x06,
  writeCoils: 0x0f,
} as const;

export const modbusException = {
  illegalFunction: 0x01,
  illegalAddress: 0x02,
  illegalValue: 0x03,
  deviceFailure: 0x04,
} as const;

/** Set in the function code of a reply that is an exception. */
export const exceptionBit = 0x80;

export const maxFrameBytes = 256;

/** Values of FC05. Other values are answered with exception 03. */
export const coilValue = { on: 0xff00, off: 0x0000, toggle: 0x5500 } as const;

/** FC05 here switches every relay. */
export const allCoilsAddress = 0x00ff;

/**
 * FC05 at 0200 + channel: on for value x 100 ms, then off by the board itself, so that a crash of
 * the host cannot leave a lock energised.
 */
export const pulseOnAddress = 0x0200;
/** FC05 at 0400 + channel: off for value x 100 ms, then on. */
export const pulseOffAddress = 0x0400;
export const pulseStepMs = 100;

/** FC06 at 1000 + channel. Anything but `normal` lets an input switch the relay. */
export const relayModeAddress = 0x1000;
export const relayMode = { normal: 0, follow: 1, toggle: 2, edge: 3 } as const;
