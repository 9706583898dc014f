import { IconCheck, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import { noticePages } from '../notice-pages.js';
import { PageFrame } from '../page-frame.js';

const general = ['what', 'why', 'howLong', 'whom'] as const;

/** What is kept, why, how long, whom to ask; the customer's own words where there are some, leafed through. */
export function NoticePage() {
  const { t } = useTranslation();
  const { state, desk, client, heed } = useKiosk();
  const notice = desk.notice;
  const [at, setAt] = useState(0);
  const back = { kind: 'mine' } as const;
  if (notice === null) {
    return (
      <PageFrame title={t('notice.title')} back={back}>
        <dl className="tk-notice">
          {general.map((part) => (
            <div key={part}>
              <dt>{t(`notice.${part}`)}</dt>
              <dd>{t(`notice.${part}Text`)}</dd>
            </div>
          ))}
        </dl>
      </PageFrame>
    );
  }
  const changes = notice.acknowledged ? [] : notice.changes;
  const texts = noticePages(notice.text);
  // What has changed is a page of its own, before the text.
  const pages = changes.length > 0 ? ['', ...texts] : texts;
  const shown = Math.min(at, pages.length - 1);
  const seen = state.person !== null && !notice.acknowledged;
  return (
    <PageFrame
      title={t('notice.title')}
      note={notice.contact === null ? undefined : t('notice.contact', { contact: notice.contact })}
      back={back}
      actions={
        <>
          {pages.length > 1 && (
            <BigButton
              icon={IconChevronRight}
              label={t('notice.page', { at: shown + 1, of: pages.length })}
              onPress={() => setAt((shown + 1) % pages.length)}
              testId="kiosk-notice-next"
            />
          )}
          {seen && (
            <BigButton
              icon={IconCheck}
              look="primary"
              label={t('notice.seen')}
              onPress={() => void client.act('notice', { version: notice.version }).then(heed)}
              testId="kiosk-notice-seen"
            />
          )}
        </>
      }
    >
      <div className="tk-notice" data-testid="kiosk-notice-text">
        {changes.length > 0 && shown === 0 ? (
          <>
            <h2>{t('notice.changes')}</h2>
            <ul>
              {changes.slice(0, 3).map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          </>
        ) : (
          <p>{pages[shown]}</p>
        )}
      </div>
    </PageFrame>
  );
}
