import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockData } from './data-lock.js';

const aDirectory = (): string => mkdtempSync(join(tmpdir(), 'tagtrail-lock-'));

describe('the lock of a data directory', () => {
  it('lets one living process in, and the next after it has gone', () => {
    const directory = aDirectory();
    const lock = lockData(directory, process.pid);
    expect(() => lockData(directory, process.pid)).toThrow(expect.objectContaining({ code: 'data.locked' }));
    lock.release();
    lockData(directory, process.pid).release();
  });

  it('takes over from a process that is gone, and from one whose number belongs to another now', () => {
    const directory = aDirectory();
    const file = join(directory, 'agent.lock');
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, began: 'earlier' }));
    lockData(directory, process.pid).release();
    writeFileSync(file, JSON.stringify({ pid: process.pid, began: 'another-boot 1' }));
    lockData(directory, process.pid);
    expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid);
  });

  it('takes over a lock file that a power cut left half written', () => {
    const directory = aDirectory();
    writeFileSync(join(directory, 'agent.lock'), '{"pi');
    expect(() => lockData(directory, process.pid)).not.toThrow();
  });
});
