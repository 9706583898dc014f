import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions, secondsUntil } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import type { Page } from '../kiosk-pages.js';
import { Message } from '../message.js';

/** What came of a tap. */
export function SaidPage({ page }: { page: Extract<Page, { kind: 'said' }> }) {
  const { t } = useTranslation();
  const { leavesAt, nowMs, close } = useKiosk();
  const seconds = secondsUntil(leavesAt, nowMs);
  const well = page.tone === 'ok';
  return (
    <Message
      tone={well ? 'ok' : 'bad'}
      icon={well ? IconCheck : IconAlertTriangle}
      title={page.title}
      text={page.text}
      actions={
        <Actions leavesAt={leavesAt} nowMs={nowMs}>
          <BigButton
            icon={IconCheck}
            look="primary"
            label={t('kiosk.understood')}
            note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
            onPress={close}
            testId="kiosk-understood"
          />
        </Actions>
      }
    />
  );
}
