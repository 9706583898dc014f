import { createRequire } from 'node:module';

/**
 * The only door to the `llrpjs` package, of which we use the codec alone: its own client delivers one
 * message for each TCP chunk. Its types point at its sources, so the little that we need is named here.
 */
interface PackageMessage {
  encode(): { getBuffer(): Uint8Array };
  decode(): unknown;
  toLLRPData(): { readonly id: number; readonly type: string; readonly data: unknown };
}

interface Package {
  readonly LLRPMessage: new (
    message: Uint8Array | { readonly id: number; readonly type: string; readonly data: unknown },
  ) => PackageMessage;
}

const { LLRPMessage } = createRequire(import.meta.url)('llrpjs') as Package;

/** A message by the names of the LLRP tool kit; a list of one is the thing itself. */
export interface LlrpMessage {
  readonly id: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function encodeLlrp(message: LlrpMessage): Uint8Array {
  const encoder = new LLRPMessage(message);
  return new Uint8Array(encoder.encode().getBuffer());
}

/** Null when the bytes are no message that the standard knows. */
export function decodeLlrp(bytes: Uint8Array): LlrpMessage | null {
  try {
    const decoder = new LLRPMessage(Buffer.from(bytes));
    decoder.decode();
    const { id, type, data } = decoder.toLLRPData();
    return { id, type, data: recordOf(data) };
  } catch {
    return null;
  }
}

/** A parameter of a message; empty when it is not there. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A parameter that may be there any number of times. */
export function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(recordOf);
}
