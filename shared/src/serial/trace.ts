import { fromHex, toHex } from '../bytes/hex.js';

/**
 * A trace holds every byte that went between an agent and its devices, one JSON array in a line:
 *
 *     ["tagtrail trace",1,"2026-01-05T06:00:00.000Z"]   first line: version and wall time of the start
 *     [12,"uhf","open",115200]                          the link was opened, at that speed
 *     [13,"uhf",">","FF00031D0C"]                       bytes to the device
 *     [15,"uhf","<","FF140300..."]                      bytes from it
 *     [90000,"uhf","close","unplugged"]                 the link ended: "asked" by the agent, or "unplugged"
 *
 * The first number is milliseconds since the start, of a clock that never steps.
 */
export const traceDevices = ['uhf', 'badge', 'lock'] as const;
export type TraceDevice = (typeof traceDevices)[number];

export type TraceLine = { readonly atMs: number; readonly device: TraceDevice } & (
  | { readonly kind: 'open'; readonly baudRate: number }
  | { readonly kind: 'sent' | 'received'; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly reason: 'asked' | 'unplugged' }
);

const mark = 'tagtrail trace';
const version = 1;

export function traceHead(startedAt: string): string {
  return JSON.stringify([mark, version, startedAt]);
}

/** Whether a line begins a trace of this version. */
export function isTraceHead(line: string): boolean {
  const value = parsed(line);
  return Array.isArray(value) && value[0] === mark && value[1] === version;
}

export function encodeTraceLine(line: TraceLine): string {
  const { atMs, device } = line;
  switch (line.kind) {
    case 'open':
      return JSON.stringify([atMs, device, 'open', line.baudRate]);
    case 'sent':
      return JSON.stringify([atMs, device, '>', toHex(line.bytes)]);
    case 'received':
      return JSON.stringify([atMs, device, '<', toHex(line.bytes)]);
    case 'close':
      return JSON.stringify([atMs, device, 'close', line.reason]);
  }
}

/** The line, or undefined for anything else, such as a last line that a power cut tore. Never throws. */
export function decodeTraceLine(text: string): TraceLine | undefined {
  const value = parsed(text);
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [atMs, device, what, given] = value as readonly unknown[];
  if (typeof atMs !== 'number' || !(atMs >= 0) || !isDevice(device)) return undefined;
  if (what === 'open' && typeof given === 'number') return { atMs, device, kind: 'open', baudRate: given };
  if (what === 'close' && (given === 'asked' || given === 'unplugged')) {
    return { atMs, device, kind: 'close', reason: given };
  }
  if ((what !== '<' && what !== '>') || typeof given !== 'string' || !/^([0-9A-F]{2})+$/.test(given)) return undefined;
  return { atMs, device, kind: what === '>' ? 'sent' : 'received', bytes: fromHex(given) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDevice(value: unknown): value is TraceDevice {
  return (traceDevices as readonly unknown[]).includes(value);
}
