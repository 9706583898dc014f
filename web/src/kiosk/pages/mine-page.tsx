import { IconArrowLeft, IconFileText, IconHistory, IconTools, IconUserScan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions, secondsUntil } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import { Message } from '../message.js';
import { PageFrame } from '../page-frame.js';

/** What is kept about me: asks for the badge first, and shows it to nobody else. */
export function MinePage() {
  const { t } = useTranslation();
  const { state, leavesAt, nowMs, open, close } = useKiosk();
  const notice = (
    <BigButton
      icon={IconFileText}
      label={t('mine.notice')}
      onPress={() => open({ kind: 'notice' })}
      testId="kiosk-notice"
    />
  );
  if (state.person === null) {
    const seconds = secondsUntil(leavesAt, nowMs);
    return (
      <Message
        tone="idle"
        icon={IconUserScan}
        title={t('mine.badgeFirst')}
        text={t('mine.badgeFirstText')}
        actions={
          <Actions leavesAt={leavesAt} nowMs={nowMs}>
            <BigButton
              icon={IconArrowLeft}
              label={t('find.close')}
              note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
              onPress={close}
              testId="kiosk-back"
            />
            {notice}
          </Actions>
        }
      />
    );
  }
  const count = state.holding.length;
  return (
    <PageFrame title={t('mine.title', { name: state.person.displayName })}>
      <div className="tk-tiles">
        <BigButton
          icon={IconTools}
          label={t('mine.items')}
          note={t('mine.itemsNote', { count })}
          onPress={() => open({ kind: 'my_items' })}
          testId="kiosk-my-items"
        />
        <BigButton
          icon={IconHistory}
          label={t('mine.sessions')}
          note={t('mine.sessionsNote')}
          onPress={() => open({ kind: 'my_sessions' })}
          testId="kiosk-my-sessions"
        />
        <BigButton
          icon={IconFileText}
          label={t('mine.notice')}
          note={t('mine.noticeNote')}
          onPress={() => open({ kind: 'notice' })}
          testId="kiosk-notice"
        />
      </div>
    </PageFrame>
  );
}
