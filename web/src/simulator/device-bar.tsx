import { Button } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnected, IconPlugConnectedX, IconX } from '@tabler/icons-react';
import { type CabinetState, simulatedDevice } from '@tagtrail/shared/simulator/control-protocol.js';
import { useTranslation } from 'react-i18next';
import type { FaultRequest } from './simulator-client.js';

export interface DeviceBarProps {
  readonly devices: CabinetState['devices'];
  readonly onFault: (request: FaultRequest) => void;
  readonly onMore: () => void;
  readonly onEndAll: () => void;
}

/** The cables, to pull and to plug in, and what is wrong at the moment. */
export function DeviceBar({ devices, onFault, onMore, onEndAll }: DeviceBarProps) {
  const { t } = useTranslation();
  const active = simulatedDevice.options.flatMap((device) =>
    devices[device].faults.map((fault) => ({ device, ...fault })),
  );
  return (
    <div className="ts-devices">
      {simulatedDevice.options.map((device) => {
        const { plugged } = devices[device];
        const CableIcon = plugged ? IconPlugConnected : IconPlugConnectedX;
        return (
          <Button
            key={device}
            size="compact-sm"
            variant={plugged ? 'default' : 'light'}
            color={plugged ? 'gray' : 'red'}
            leftSection={<CableIcon size={16} aria-hidden />}
            onClick={() => onFault({ fault: 'unplug', device, on: plugged })}
            aria-pressed={!plugged}
            data-testid="sim-cable"
            data-device={device}
            data-plugged={plugged}
            title={t(plugged ? 'simulator.pull' : 'simulator.plug')}
          >
            {t(`device.${device}`)}
          </Button>
        );
      })}
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconAlertTriangle size={16} aria-hidden />}
        onClick={onMore}
        data-testid="sim-faults"
      >
        {t('simulator.faults')}
      </Button>
      {active.map(({ device, fault, leftMs }) => (
        <button
          type="button"
          key={`${device} ${fault}`}
          className="tt-badge ts-active"
          data-tone="bad"
          data-testid="sim-active-fault"
          data-fault={fault}
          onClick={() => onFault({ fault, device, on: false })}
          title={t('simulator.end')}
        >
          <IconAlertTriangle size={14} aria-hidden />
          <span>
            {t(`device.${device}`)}: {t(`simulator.fault.${fault as 'unplug'}`, { defaultValue: fault })}
            {leftMs !== null && ` · ${Math.ceil(leftMs / 1000)} s`}
          </span>
          <IconX size={14} aria-hidden />
        </button>
      ))}
      {active.length > 1 && (
        <Button size="compact-sm" variant="subtle" onClick={onEndAll}>
          {t('simulator.endAll')}
        </Button>
      )}
    </div>
  );
}
