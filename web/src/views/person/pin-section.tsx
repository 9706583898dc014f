import { Button, TextInput } from '@mantine/core';
import type { PersonView } from '@tagtrail/shared/api/person.js';
import { type PersonRights, setPin } from '@tagtrail/shared/api/person-rights.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';
import { Section } from '../../ui/section.js';
import { When } from '../../ui/when.js';

interface PinProps {
  readonly person: PersonView;
  readonly rights: PersonRights;
  readonly mayChange: boolean;
}

/** The way in without a badge. Of the PIN no more is known here than that there is one. */
export function PinSection({ person, rights, mayChange }: PinProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'set' | 'remove' | null>(null);
  const isSet = rights.pin_set_at !== null;
  const close = (): void => setOpen(null);
  return (
    <Section
      title={t('rights.pin')}
      lead={
        isSet ? (
          <>
            {t('rights.pinSet')} <When at={rights.pin_set_at} />. {t('rights.pinHidden')}
          </>
        ) : (
          t('rights.pinNone')
        )
      }
      testId="pin"
      {...(mayChange && {
        actions: (
          <>
            {isSet && (
              <Button variant="subtle" size="xs" onClick={() => setOpen('remove')} data-testid="remove-pin">
                {t('rights.removePin')}
              </Button>
            )}
            <Button variant="default" size="xs" onClick={() => setOpen('set')} data-testid="set-pin">
              {t(isSet ? 'rights.resetPin' : 'rights.setPin')}
            </Button>
          </>
        ),
      })}
    >
      {open === 'set' && <SetPinDialog person={person} onClose={close} />}
      {open === 'remove' && <RemovePinDialog person={person} onClose={close} />}
    </Section>
  );
}

interface DialogProps {
  readonly person: PersonView;
  readonly onClose: () => void;
}

function SetPinDialog({ person, onClose }: DialogProps) {
  const { t } = useTranslation();
  const api = useApi();
  const [number, setNumber] = useState('');
  const [pin, setPinText] = useState('');
  const [again, setAgain] = useState('');
  const wanted = setPin.safeParse({ number, pin });
  const wrong = (field: string, text: string): boolean =>
    text !== '' && !wanted.success && wanted.error.issues.some(({ path }) => path[0] === field);
  return (
    <DecisionDialog
      title={t('rights.pinOf', { name: person.name ?? t('common.formerColleague') })}
      text={t('rights.pinHint')}
      confirm={t('common.save')}
      decide={wanted.success && again === pin ? () => api.setPin(person.id, wanted.data) : null}
      touches={['person']}
      onClose={onClose}
    >
      <TextInput
        label={t('rights.pinNumber')}
        description={t('rights.pinNumberHelp')}
        inputMode="numeric"
        autoComplete="off"
        maxLength={10}
        value={number}
        error={wrong('number', number) ? t('rights.pinNumberWrong') : undefined}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        type="password"
        label={t('rights.pin')}
        inputMode="numeric"
        autoComplete="new-password"
        maxLength={10}
        value={pin}
        error={wrong('pin', pin) ? t('rights.pinWrong') : undefined}
        onChange={(event) => setPinText(event.currentTarget.value)}
      />
      <TextInput
        type="password"
        label={t('rights.pinAgain')}
        inputMode="numeric"
        autoComplete="new-password"
        maxLength={10}
        value={again}
        error={again.length >= pin.length && again !== pin ? t('rights.pinDiffers') : undefined}
        onChange={(event) => setAgain(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}

function RemovePinDialog({ person, onClose }: DialogProps) {
  const { t } = useTranslation();
  const api = useApi();
  return (
    <DecisionDialog
      title={t('rights.removePin')}
      text={t('rights.removePinText', { name: person.name ?? t('common.formerColleague') })}
      confirm={t('rights.removePin')}
      decide={() => api.removePin(person.id)}
      touches={['person']}
      isGrave
      onClose={onClose}
    />
  );
}
