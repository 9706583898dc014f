import { describe, expect, it } from 'vitest';
import type { DeviceStatus } from '../reader/reader.js';
import { noDeviceLost, watchDevice } from './device-watch.js';

function draftsOf(statuses: readonly DeviceStatus[]) {
  let lost = noDeviceLost;
  return statuses.flatMap((status, index) => {
    const step = watchDevice(lost, 'uhf', { report: { status, detail: null }, atMs: index * 1000 });
    lost = step.lost;
    return step.draft === null ? [] : [step.draft];
  });
}

describe('watchDevice', () => {
  it.each([
    ['says nothing of a device that comes up', ['starting', 'ok'], []],
    ['tells a loss once, whatever follows', ['ok', 'unplugged', 'silent', 'starting', 'garbled'], ['unplugged']],
    ['tells of a device that never came up', ['starting', 'unplugged'], ['unplugged']],
    ['calls a device that says no refused', ['ok', 'faulty'], ['refused']],
  ] as const)('%s', (_, statuses, reasons) => {
    expect(draftsOf(statuses).map((draft) => (draft.kind === 'device.lost' ? draft.data.reason : draft.kind))).toEqual(
      reasons,
    );
  });

  it('tells how long it was away', () => {
    expect(draftsOf(['ok', 'silent', 'starting', 'ok']).at(-1)).toEqual({
      kind: 'device.restored',
      data: { device: 'uhf', afterMs: 2000 },
    });
  });
});
