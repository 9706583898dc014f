/**
 * Reads big-endian fields one after another. Reading past the end gives zeros and marks the
 * cursor as short, so a decoder checks once at its end instead of before every field.
 */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #short = false;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** False as soon as a field reached past the end. */
  get ok(): boolean {
    return !this.#short;
  }

  /** True when every field was there and nothing is left over. */
  get done(): boolean {
    return !this.#short && this.#at === this.#end;
  }

  u8(): number {
    if (this.#at >= this.#end) {
      this.#short = true;
      return 0;
    }
    return this.#bytes[this.#at++] as number;
  }

  s8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  s16(): number {
    return (this.u16() << 16) >> 16;
  }

  u24(): number {
    return (this.u16() << 8) | this.u8();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** A view of the next `length` bytes, or an empty one when there are fewer. */
  bytes(length: number): Uint8Array {
    if (length < 0 || length > this.left) {
      this.#short = true;
      return this.#bytes.subarray(0, 0);
    }
    const view = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return view;
  }

  rest(): Uint8Array {
    return this.bytes(this.left);
  }
}

/** Nearly every message fits, so that its bytes are seldom moved. */
const usualBytes = 64;

/** Collects big-endian fields of a message of at most a few hundred bytes. */
export class ByteComposer {
  #bytes = new Uint8Array(usualBytes);
  #length = 0;

  u8(value: number): this {
    if (this.#length === this.#bytes.length) this.#makeRoom(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  u16(value: number): this {
    return this.u8(value >>> 8).u8(value);
  }

  u24(value: number): this {
    return this.u8(value >>> 16).u16(value);
  }

  u32(value: number): this {
    return this.u16(Math.floor(value / 0x10000) & 0xffff).u16(value & 0xffff);
  }

  bytes(values: ArrayLike<number>): this {
    if (this.#length + values.length > this.#bytes.length) this.#makeRoom(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
    return this;
  }

  get length(): number {
    return this.#length;
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #makeRoom(bytes: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + bytes));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
