import { EventEmitter } from 'node:events';
import { AppError, errorText } from '@tagtrail/shared/error.js';
import type { SerialLink } from '@tagtrail/shared/serial/link.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import modbusSerial from 'modbus-serial';
import { createRequestQueue } from '../request-queue.js';
import { createResponseFramer, type ResponseFramer } from './response-framer.js';

/**
 * The only door to the `modbus-serial` package: its requests and answers over our own link, one in
 * flight at a time, with our clock's time-outs. It dies with its link, so nothing survives a reconnect.
 */
export interface ModbusBus {
  /** Levels of `count` discrete inputs from `address` on (function 02). */
  readInputs(address: number, count: number): Promise<readonly boolean[]>;
  /** One holding register (function 03). */
  readRegister(address: number): Promise<number>;
  /** Function 06. */
  writeRegister(address: number, value: number): Promise<void>;
  /**
   * Function 05 with any value, ahead of everything that waits. `isDue` is asked in the moment
   * before the bytes are written; when it says no, nothing is written and the result is `false`.
   */
  writeCoil(address: number, value: number, isDue: () => boolean): Promise<boolean>;
  /** Ends every request with `serial.link_lost`. */
  end(): void;
}

export interface ModbusBusOptions {
  readonly link: SerialLink;
  readonly clock: Clock;
  readonly unitId: number;
  readonly timeoutMs: number;
  onValid(bytes: number): void;
  onDiscard(bytes: number, reason: string): void;
}

/**
 * Requests reject with AppError `reader.unanswered` (nothing came in time), `reader.refused` (the
 * board answered with an exception) or `serial.link_lost`.
 */
export function createModbusBus(options: ModbusBusOptions): ModbusBus {
  const port = new LinkPort(options);
  const client = new modbusSerial.default(port);
  client.on('error', () => {});
  client.open();
  client.setID(options.unitId);

  const queue = createRequestQueue({
    clock: options.clock,
    timeoutMs: options.timeoutMs,
    timeoutError: unanswered,
    onSettled: () => port.forget(),
  });
  port.onWriteError = queue.failCurrent;
  const request = <T>(ask: () => Promise<T>, order: 'first' | 'last'): Promise<T> =>
    queue.request(() => ask().catch(rejectRefused), order);

  return {
    readInputs: async (address, count) => {
      const answer = await request(() => client.readDiscreteInputs(address, count), 'last');
      return answer.data.slice(0, count);
    },
    readRegister: async (address) => {
      const answer = await request(() => client.readHoldingRegisters(address, 1), 'last');
      return answer.data[0] ?? 0;
    },
    writeRegister: async (address, value) => {
      await request(() => client.writeRegister(address, value), 'last');
    },
    writeCoil: (address, value, isDue) =>
      request(async () => {
        if (!isDue()) return false;
        // `writeCoil` of the package knows only on and off; a timed pulse is a number.
        await client.customFunction(5, [address >>> 8, address & 0xff, value >>> 8, value & 0xff]);
        return true;
      }, 'first'),
    end: () => {
      port.end();
      queue.end(linkLost());
    },
  };
}

function unanswered(): AppError {
  return new AppError('reader.unanswered', 'The lock board does not answer: check its power and cable.', {
    kind: 'device',
  });
}

function linkLost(): AppError {
  return new AppError('serial.link_lost', 'the line to the lock board is closed', { kind: 'device' });
}

function rejectRefused(error: unknown): never {
  const code = (error as { modbusCode?: unknown } | null)?.modbusCode;
  throw new AppError('reader.refused', `The lock board refused a command: ${errorText(error)}.`, {
    kind: 'device',
    cause: error,
    detail: { exception: code },
  });
}

/** Our link in the shape of the package's ports: whole checked frames come out as `data` events. */
class LinkPort extends EventEmitter {
  readonly #link: SerialLink;
  readonly #framer: ResponseFramer;
  #open = true;
  onWriteError: (error: AppError) => void = () => {};

  constructor(options: ModbusBusOptions) {
    super();
    this.#link = options.link;
    this.#framer = createResponseFramer({
      onDiscard: options.onDiscard,
      onResponse: (frame) => {
        options.onValid(frame.length);
        this.emit('data', Buffer.from(frame));
      },
    });
    this.#link.onData((chunk) => {
      if (this.#open) this.#framer.push(chunk);
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(callback: (error: Error | null) => void): void {
    callback(null);
  }

  close(callback: (error: Error | null) => void): void {
    this.end();
    callback(null);
  }

  write(request: Uint8Array): void {
    this.#framer.expect(request);
    this.#link.write(request.slice()).catch((error: unknown) => {
      this.onWriteError(error instanceof AppError ? error : linkLost());
    });
  }

  forget(): void {
    this.#framer.forget();
  }

  end(): void {
    this.#open = false;
  }
}
