import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { createPacketCheck } from './packet-check.js';
import type { Refusal, RefusalReason } from './packet-content.js';

export interface PacketGuardOptions {
  readonly clock: Clock;
  /** Sockets of one address that have not connected yet; 64 when not given. */
  readonly strangersPerAddress?: number;
  /** Sockets of one address at all; 2000 when not given. */
  readonly socketsPerAddress?: number;
  /** Puts encryption around a socket that may stay; absent: they talk in the clear. */
  readonly secure?: ((socket: Socket) => Socket) | undefined;
  /** The broker gets this instead of the socket. */
  readonly onStream: (stream: Duplex) => void;
  readonly onRefused: (reason: RefusalReason, address: string) => void;
}

export interface PacketGuard {
  accept(socket: Socket): void;
}

/** A peer has this long for its CONNECT, and for the handshake of TLS before it. */
const connectWithinMs = 5_000;

/**
 * Stands between the network and the broker, which would otherwise buffer what anybody announces:
 * one unauthenticated socket could take hundreds of megabytes.
 */
export function createPacketGuard(options: PacketGuardOptions): PacketGuard {
  const { clock, strangersPerAddress = 64, socketsPerAddress = 2000 } = options;
  const sockets = new Map<string, { all: number; strangers: number }>();

  return {
    accept: (socket) => {
      socket.on('error', () => {});
      const address = socket.remoteAddress ?? '';
      const count = sockets.get(address) ?? { all: 0, strangers: 0 };
      if (count.all >= socketsPerAddress || count.strangers >= strangersPerAddress) {
        options.onRefused('too_many', address);
        socket.destroy();
        return;
      }
      sockets.set(address, count);
      count.all++;
      count.strangers++;
      let isStranger = true;
      const isKnown = (): void => {
        if (isStranger) count.strangers--;
        isStranger = false;
        patience.cancel();
      };
      const inner = options.secure?.(socket) ?? socket;
      // A handshake that comes to nothing ends the inner socket only; a broken network does the same.
      if (inner !== socket) {
        inner.on('error', () => {
          if (isStranger) options.onRefused('tls_failed', address);
          socket.destroy();
        });
      }
      const refuse = (refusal: Refusal): void => {
        options.onRefused(refusal.reason, address);
        if (refusal.returnCode !== undefined) inner.write(Uint8Array.of(0x20, 2, 0, refusal.returnCode));
        inner.destroySoon();
      };
      const patience = clock.startTimer('mqtt connect', connectWithinMs, () => refuse({ reason: 'too_slow' }));
      socket.once('close', () => {
        isKnown();
        if (--count.all === 0) sockets.delete(address);
      });
      guardStream(inner, { isKnown, refuse, onStream: options.onStream });
    },
  };
}

interface GuardedSocket {
  readonly isKnown: () => void;
  readonly refuse: (refusal: Refusal) => void;
  readonly onStream: (stream: Duplex) => void;
}

/** The broker's stream begins with the first packet that was found good. */
function guardStream(socket: Socket, { isKnown, refuse, onStream }: GuardedSocket): void {
  const check = createPacketCheck();
  let stream: Duplex | undefined;
  const open = (): Duplex => {
    isKnown();
    const fresh = duplexOver(socket);
    onStream(fresh);
    return fresh;
  };
  socket.on('data', (chunk: Buffer) => {
    const { packets, refusal } = check.push(chunk);
    for (const packet of packets) {
      stream ??= open();
      if (!stream.destroyed && !stream.push(packet)) socket.pause();
    }
    if (refusal !== undefined) {
      refuse(refusal);
      stream?.destroy();
    }
  });
  socket.once('end', () => {
    if (stream === undefined) socket.destroy();
    else stream.push(null);
  });
  socket.once('close', () => stream?.destroy());
}

function duplexOver(socket: Socket): Duplex {
  const stream = new Duplex({
    read: () => {
      socket.resume();
    },
    write: (chunk: Uint8Array, _encoding, done) => {
      if (socket.destroyed) done();
      else socket.write(chunk, () => done());
    },
    final: (done) => {
      socket.end(() => done());
    },
    destroy: (_error, done) => {
      socket.destroySoon();
      done(null);
    },
  });
  stream.on('error', () => {});
  return stream;
}
