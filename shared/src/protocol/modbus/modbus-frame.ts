import { crc16Modbus } from '../../bytes/crc.js';

/** `unit function data` without the check. */
export interface ModbusFrame {
  readonly unit: number;
  readonly function: number;
  readonly data: Uint8Array;
}

/** `UNIT FUNCTION DATA CRC_LO CRC_HI` */
export function encodeModbusFrame(frame: ModbusFrame): Uint8Array {
  const bytes = new Uint8Array(frame.data.length + 4);
  bytes[0] = frame.unit;
  bytes[1] = frame.function;
  bytes.set(frame.data, 2);
  const crc = crc16Modbus(bytes, 0, bytes.length - 2);
  bytes[bytes.length - 2] = crc & 0xff;
  bytes[bytes.length - 1] = crc >>> 8;
  return bytes;
}

/** True when `bytes[from .. to)` ends in the right check over what stands before it. */
export function modbusCrcHolds(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 4) return false;
  return crc16Modbus(bytes, from, to - 2) === ((bytes[to - 2] as number) | ((bytes[to - 1] as number) << 8));
}

/** A whole frame that stands alone, or null when the check fails. */
export function decodeModbusFrame(bytes: Uint8Array): ModbusFrame | null {
  if (!modbusCrcHolds(bytes, 0, bytes.length)) return null;
  return { unit: bytes[0] as number, function: bytes[1] as number, data: bytes.slice(2, -2) };
}
