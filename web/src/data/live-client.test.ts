import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LivePatch, livePath, liveVersion } from '@tagtrail/shared/live/protocol.js';
import { rowsOf } from '@tagtrail/shared/live/trail-list.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, overviewOf } from '../../test/fixture-world.js';
import { createLiveClient, type LiveClient } from './live-client.js';
import { createLiveStore, type LiveStore } from './live-store.js';

// why: the pause before coming back is for the server's sake, and no test should sit it out.
const impatient: Clock = {
  ...systemClock,
  startTimer: (name, _delayMs, fire) => systemClock.startTimer(name, 0, fire),
};
const nowMs = Date.parse('2026-11-22T06:00:00.000Z');
const world = createWorld(nowMs);
const markOf = (index: number): string => index.toString(16).padStart(32, '0');
const snapshotTo = (index: number, continues = true) => ({
  index,
  mark: markOf(index),
  continues,
  cabinets: world.cabinets,
  overview: overviewOf(world, nowMs),
  entries: world.entries.slice(index - 4, index + 1),
  skipped: 0,
});
const patchOf = (from: number, to: number): LivePatch => ({
  ...{ from, to, mark: markOf(to) },
  entries: world.entries.slice(from, to + 1),
});

describe('createLiveClient with createLiveStore, against a real socket.io server', () => {
  let io: Server;
  let client: LiveClient;
  let live: LiveStore;
  let asked: unknown[];
  let answer: (socket: Socket, done: (answer: object) => void) => void;

  beforeEach(async () => {
    asked = [];
    const server = createServer();
    io = new Server(server, { path: livePath });
    io.on('connection', (socket) => {
      socket.on('watch', (request: unknown, done: (answer: object) => void) => {
        asked.push(request);
        answer(socket, done);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    live = createLiveStore({ nowMs: () => nowMs, onNews: () => {}, onGap: () => {} });
    const { port } = server.address() as AddressInfo;
    client = createLiveClient(live, { url: `http://127.0.0.1:${port}`, clock: impatient });
  });
  afterEach(async () => {
    client.stop();
    await io.close();
  });
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        stop();
        resolve();
      };
      const stop = live.subscribe(look);
      look();
    });
  const indexes = (): number[] => live.get().trail.entries.map((entry) => entry.index);

  it('begins with a snapshot, and goes on from the last index after the line was cut', async () => {
    answer = (socket, done) => {
      if (asked.length === 1) socket.emit('snapshot', snapshotTo(10));
      else socket.emit('entries', patchOf(12, 13));
      done({ ok: true });
    };
    client.start();
    await until(() => live.get().connection === 'live');
    expect(live.get().cabinets?.size).toBe(5);
    io.emit('entries', patchOf(11, 11));
    await until(() => indexes().includes(11));
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
    await until(() => live.get().connection === 'lost');
    expect(live.get().lostAtMs).toBe(nowMs);
    await until(() => indexes().includes(13));
    expect(asked).toEqual([
      { v: liveVersion, after: null, mark: null },
      { v: liveVersion, after: 11, mark: markOf(11) },
    ]);
    expect(indexes()).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('starts anew from a snapshot when it does not understand a patch, since a line may have been in it', async () => {
    answer = (socket, done) => {
      socket.emit('snapshot', snapshotTo(asked.length === 1 ? 10 : 20));
      done({ ok: true });
    };
    client.start();
    await until(() => live.get().connection === 'live');
    io.emit('entries', { from: 11, to: 11, entries: [{ index: 11 }] });
    await until(() => indexes().includes(20));
    expect(asked).toEqual([
      { v: liveVersion, after: null, mark: null },
      { v: liveVersion, after: null, mark: null },
    ]);
  });

  it('forgets every line and cabinet of a trail that was restored, although the new one is longer', async () => {
    const [kept] = world.cabinets.slice(1);
    answer = (socket, done) => {
      const restored = { ...snapshotTo(20, false), cabinets: kept === undefined ? [] : [kept] };
      socket.emit('snapshot', asked.length === 1 ? snapshotTo(10) : restored);
      done({ ok: true });
    };
    client.start();
    await until(() => live.get().connection === 'live');
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
    await until(() => indexes().includes(20));
    expect(indexes()).toEqual([16, 17, 18, 19, 20]);
    expect([...(live.get().cabinets?.keys() ?? [])]).toEqual([kept?.id]);
    expect(rowsOf(live.get().trail).some(({ type }) => type === 'gap')).toBe(false);
    expect(live.after()).toEqual({ after: 20, mark: markOf(20) });
  });

  it('says that it has ended when the sign-in was ended, and does not come back', async () => {
    answer = (socket, done) => {
      done({ ok: true });
      socket.emit('ended', 'signed_out');
      socket.disconnect(true);
    };
    client.start();
    await until(() => live.get().connection === 'ended');
    expect(asked).toHaveLength(1);
  });
});
