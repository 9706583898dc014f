import { Button, Drawer, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import {
  type FaultCatalogue,
  type SimulatedDevice,
  simulatedDevice,
} from '@tagtrail/shared/simulator/control-protocol.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { filledOptions, type OptionField, optionFields } from './fault-options.js';
import type { FaultRequest } from './simulator-client.js';

export interface FaultsDrawerProps {
  readonly opened: boolean;
  readonly onClosed: () => void;
  readonly catalogue: FaultCatalogue;
  readonly onFault: (request: FaultRequest) => void;
}

/** Everything that can go wrong, each with its options and a button. */
export function FaultsDrawer({ opened, onClosed, catalogue, onFault }: FaultsDrawerProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={opened}
      onClose={onClosed}
      position="right"
      size={460}
      title={<strong>{t('simulator.faultsTitle')}</strong>}
      closeButtonProps={{ 'aria-label': t('simulator.closePanel') }}
    >
      <div className="ts-faults">
        {catalogue.map((fault) => (
          <FaultForm key={fault.fault} fault={fault} onFault={onFault} />
        ))}
      </div>
    </Drawer>
  );
}

type Fault = FaultCatalogue[number];

function FaultForm({ fault, onFault }: { fault: Fault; onFault: FaultsDrawerProps['onFault'] }) {
  const { t } = useTranslation();
  const fields = optionFields(fault.options);
  const [device, setDevice] = useState<SimulatedDevice | undefined>(fault.devices[0]);
  const [seconds, setSeconds] = useState<number | string>('');
  const [values, setValues] = useState<Readonly<Record<string, unknown>>>({});
  const options = filledOptions(fields, values);
  const incomplete = fields.some((field) => field.required && options?.[field.name] === undefined);
  const begin = (): void => {
    if (device === undefined || options === undefined) return;
    onFault({
      fault: fault.fault,
      device,
      on: true,
      options,
      ...(typeof seconds === 'number' && seconds > 0 ? { forMs: Math.round(seconds * 1000) } : {}),
    });
  };
  return (
    <details className="ts-fault" data-testid="sim-fault" data-fault={fault.fault}>
      <summary>
        <strong>{t(`simulator.fault.${fault.fault as 'unplug'}`, { defaultValue: fault.fault })}</strong>
        <span>{t(`simulator.faultText.${fault.fault as 'unplug'}`, { defaultValue: fault.sentence })}</span>
      </summary>
      <div className="ts-fault-form">
        {fault.devices.length > 1 && (
          <Select
            size="sm"
            label={t('simulator.device')}
            data={fault.devices.map((name) => ({ value: name, label: t(`device.${name}`) }))}
            value={device ?? null}
            onChange={(value) => setDevice(simulatedDevice.safeParse(value).data ?? device)}
            allowDeselect={false}
          />
        )}
        {fields.map((field) => (
          <OptionInput
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        <NumberInput
          size="sm"
          label={t('simulator.forSeconds')}
          min={0.1}
          max={86_400}
          value={seconds}
          onChange={setSeconds}
        />
        <Button size="sm" onClick={begin} disabled={options === undefined || incomplete} data-testid="sim-fault-begin">
          {t('simulator.begin')}
        </Button>
      </div>
    </details>
  );
}

interface OptionInputProps {
  readonly field: OptionField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function OptionInput({ field, value, onChange }: OptionInputProps) {
  const { t } = useTranslation();
  const label = t(`simulator.option.${field.name as 'percent'}`, { defaultValue: field.name });
  switch (field.kind) {
    case 'number':
      return (
        <NumberInput
          size="sm"
          label={label}
          {...(field.least === undefined ? {} : { min: field.least })}
          {...(field.most === undefined ? {} : { max: field.most })}
          placeholder={field.usual === undefined ? '' : String(field.usual)}
          value={typeof value === 'number' || typeof value === 'string' ? value : ''}
          onChange={onChange}
        />
      );
    case 'flag':
      return (
        <Switch
          size="sm"
          label={label}
          checked={(value ?? field.usual) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <Select
          size="sm"
          label={label}
          data={[...(field.choices ?? [])]}
          value={typeof value === 'string' ? value : ((field.usual as string | undefined) ?? null)}
          onChange={onChange}
        />
      );
    case 'text':
      return (
        <TextInput
          size="sm"
          label={label}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'json':
      return (
        <Textarea
          size="sm"
          label={t('simulator.asJson', { name: label })}
          placeholder={JSON.stringify(field.usual ?? [])}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
