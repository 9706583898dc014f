import { IconCircleCheck, IconRadar2, IconZoomQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import type { ToolName } from '../kiosk-pages.js';
import { PageFrame } from '../page-frame.js';

/** A missing tool: starts the search, shows where it was last, and ends it by a decision. */
export function MissingToolPage({ tool }: { tool: ToolName }) {
  const { t, i18n } = useTranslation();
  const { state, desk, nowMs, client, heed } = useKiosk();
  const search = desk.searches.find(({ epc }) => epc === tool.epc);
  const time = (at: string): string => clockText(at, nowMs, languageOf(i18n));
  const end = (outcome: 'accounted' | 'declared_lost'): void =>
    void client
      .act('search', { action: 'close', epc: tool.epc, outcome, note: t(`kiosk.searchNote.${outcome}`) })
      .then(heed);
  const facts =
    search === undefined
      ? []
      : [
          ...(search.lastHolder === null ? [] : [t('find.lastHolder', { name: search.lastHolder })]),
          ...(search.lastPlace === null ? [] : [t('find.lastPlace', { place: search.lastPlace })]),
          ...(search.lastReadAt === null ? [] : [t('find.lastSeen', { time: time(search.lastReadAt) })]),
        ];
  return (
    <PageFrame
      title={tool.name}
      back={{ kind: 'missing' }}
      actions={
        search === undefined ? (
          <BigButton
            icon={IconRadar2}
            look="primary"
            label={t('find.startSearch')}
            onPress={() => void client.act('search', { action: 'start', epc: tool.epc }).then(heed)}
            testId="kiosk-search-start"
          />
        ) : (
          state.person !== null && (
            <>
              <BigButton
                icon={IconCircleCheck}
                label={t('kiosk.accounted')}
                onPress={() => end('accounted')}
                testId="kiosk-accounted"
              />
              <BigButton
                icon={IconZoomQuestion}
                look="danger"
                label={t('kiosk.declareLost')}
                onPress={() => end('declared_lost')}
                testId="kiosk-declare-lost"
              />
            </>
          )
        )
      }
    >
      <div className="tk-answer">
        <div className="tk-answer-where" data-state={search === undefined ? 'missing' : 'warn'}>
          <IconRadar2 size={88} stroke={1.8} aria-hidden />
          <strong>
            {search === undefined ? t('find.missing') : t('kiosk.searchSince', { time: time(search.startedAt) })}
          </strong>
        </div>
        {facts.length > 0 && <p>{facts.join(' · ')}</p>}
        <p>{search === undefined ? t('kiosk.searchWhat') : t('find.searching')}</p>
        {search !== undefined && state.person === null && <p>{t('kiosk.searchEnd')}</p>}
      </div>
    </PageFrame>
  );
}
