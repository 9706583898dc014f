import { IconHistory } from '@tabler/icons-react';
import type { KioskMyData } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import type { Asked } from '../kiosk-client.js';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame, PageText } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** The person's last visits to this cabinet, newest first. */
export function MySessionsPage() {
  const { t, i18n } = useTranslation();
  const { client, nowMs } = useKiosk();
  const [answer, setAnswer] = useState<Asked<KioskMyData> | null>(null);
  useEffect(() => {
    let stale = false;
    void client.myData().then((data) => stale || setAnswer(data));
    return () => {
      stale = true;
    };
  }, [client]);
  const sessions = answer?.ok === true ? answer.value.sessions : [];
  return (
    <PageFrame title={t('mine.sessions')} note={t('mine.sessionsNote')} back={{ kind: 'mine' }}>
      {sessions.length > 0 ? (
        <Paged
          items={sessions}
          columns={1}
          keyOf={({ openedAt }) => openedAt}
          label={t('mine.sessions')}
          render={(session) => (
            <Row
              state="out"
              icon={IconHistory}
              name={clockText(session.openedAt, nowMs, languageOf(i18n))}
              note={
                session.taken.length + session.returned.length === 0
                  ? t('kiosk.nothing')
                  : [
                      ...(session.taken.length === 0 ? [] : [t('mine.took', { names: session.taken.join(', ') })]),
                      ...(session.returned.length === 0
                        ? []
                        : [t('mine.brought', { names: session.returned.join(', ') })]),
                    ].join(' · ')
              }
              testId="kiosk-session"
            />
          )}
        />
      ) : (
        <PageText>
          {answer === null ? t('find.waiting') : answer.ok ? t('mine.noSessions') : t(`kiosk.failure.${answer.code}`)}
        </PageText>
      )}
    </PageFrame>
  );
}
