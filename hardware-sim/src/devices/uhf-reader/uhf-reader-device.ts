import type { SendBytes, SerialDevice } from '../device.js';
import { createUhfReader, type UhfReader, type UhfReaderOptions } from './uhf-reader.js';

/** The reader with a power plug: it forgets everything when power is cut and boots when it comes back. */
export interface UhfReaderDevice extends SerialDevice {
  readonly reader: UhfReader;
}

export function createUhfReaderDevice(
  options: Omit<UhfReaderOptions, 'send' | 'baudRate'> & { readonly baudRate?: number },
): UhfReaderDevice {
  const { baudRate = 115_200 } = options;
  let send: SendBytes | undefined;
  let powered = false;
  const reader = createUhfReader({ ...options, baudRate, send: (bytes) => send?.(bytes) });

  return {
    reader,
    baud: () => reader.state.baud,
    powerOn: (listen) => {
      send = listen;
      powered = true;
      reader.restart();
    },
    powerOff: () => {
      send = undefined;
      powered = false;
      // What runs is forgotten now; the boot that follows is heard by nobody.
      reader.restart();
    },
    receive: (chunk) => {
      if (powered) reader.receive(chunk);
    },
  };
}
