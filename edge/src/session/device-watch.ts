import type { DeviceRole, TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { DeviceReport, DeviceStatus } from '../reader/reader.js';

/** Since when each device is lost (monotonic); null while it works or has not reported yet. */
export type LostDevices = Readonly<Record<DeviceRole, number | null>>;

export const noDeviceLost: LostDevices = { uhf: null, badge: null, lock: null };

type LossReason = Extract<TraceDraft, { kind: 'device.lost' }>['data']['reason'];

/**
 * What a device's report means for the trail: one `device.lost` when it stops working, one
 * `device.restored` when it works again, and nothing for the changes in between.
 */
export function watchDevice(
  lost: LostDevices,
  device: DeviceRole,
  heard: { readonly report: DeviceReport; readonly atMs: number },
): { readonly lost: LostDevices; readonly draft: TraceDraft | null } {
  const { report, atMs } = heard;
  const since = lost[device];
  const reason = lossReason(report.status);
  if (reason !== null && since === null) {
    const detail = (report.detail ?? '').slice(0, 200);
    return { lost: { ...lost, [device]: atMs }, draft: { kind: 'device.lost', data: { device, reason, detail } } };
  }
  if (report.status === 'ok' && since !== null) {
    const afterMs = Math.max(0, Math.round(atMs - since));
    return { lost: { ...lost, [device]: null }, draft: { kind: 'device.restored', data: { device, afterMs } } };
  }
  return { lost, draft: null };
}

function lossReason(status: DeviceStatus): LossReason | null {
  switch (status) {
    case 'unplugged':
    case 'silent':
    case 'garbled':
      return status;
    case 'faulty':
      return 'refused';
    case 'starting':
    case 'ok':
      return null;
  }
}
