import { IconAlertTriangle, IconRadar2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame, PageText } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** What belongs inside, was not read and is signed for by nobody. */
export function MissingPage() {
  const { t, i18n } = useTranslation();
  const { state, desk, nowMs, open } = useKiosk();
  const tools = desk.missing.length > 0 ? desk.missing : state.missing.map((name) => ({ epc: '', name }));
  return (
    <PageFrame title={t('kiosk.missing', { count: tools.length })} note={t('kiosk.missingNote')}>
      {tools.length === 0 ? (
        <PageText>{t('kiosk.missingNone')}</PageText>
      ) : (
        <Paged
          items={tools}
          keyOf={({ epc, name }) => epc + name}
          label={t('kiosk.missing', { count: tools.length })}
          render={(tool) => {
            const search = desk.searches.find(({ epc }) => epc === tool.epc);
            return (
              <Row
                state={search === undefined ? 'missing' : 'warn'}
                icon={search === undefined ? IconAlertTriangle : IconRadar2}
                isTool
                name={tool.name}
                note={
                  search === undefined
                    ? t('find.missing')
                    : t('kiosk.searchSince', { time: clockText(search.startedAt, nowMs, languageOf(i18n)) })
                }
                onPress={tool.epc === '' ? undefined : () => open({ kind: 'missing_tool', tool })}
                testId="kiosk-missing-tool"
              />
            );
          }}
        />
      )}
    </PageFrame>
  );
}
