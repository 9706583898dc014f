/** What happens to something that reaches a behaviour: it is answered, handed to the next behaviour, or lost. */
export type Outcome<T> =
  | { readonly kind: 'answer'; readonly answer: T }
  | { readonly kind: 'pass' }
  | { readonly kind: 'swallow' };

/** Sends bytes to whoever is at the other end of the serial line. */
export type SendBytes = (bytes: Uint8Array) => void;

/** The electronics of one device, seen from its serial connector. */
export interface SerialDevice {
  /** The speed of its line in bits per second; a device that can change it says the present one. */
  baud(): number;
  /** Power comes on: the device starts as it does out of its box, and sends through `send` from now on. */
  powerOn(send: SendBytes): void;
  /** Power is cut: timers stop, volatile state is gone, nothing is sent any more. */
  powerOff(): void;
  /** A host has connected; devices on a serial line cannot tell. */
  hostOpened?(): void;
  /** Bytes from the host, cut anywhere. */
  receive(chunk: Uint8Array): void;
}
