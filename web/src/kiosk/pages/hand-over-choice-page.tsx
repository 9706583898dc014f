import { IconArrowsExchange2, IconSquare, IconSquareCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame, PageText } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** Which tools go to a colleague; then the colleague's badge is asked for. */
export function HandOverChoicePage() {
  const { t } = useTranslation();
  const { state, client, heed } = useKiosk();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const tools = state.holding.flatMap(({ epc, name }) => (epc === undefined ? [] : [{ epc, name }]));
  const toggle = (epc: string): void =>
    setChosen((before) => (before.includes(epc) ? before.filter((other) => other !== epc) : [...before, epc]));
  return (
    <PageFrame
      title={t('handOver.title')}
      actions={
        <BigButton
          icon={IconArrowsExchange2}
          look="primary"
          label={t('handOver.go', { count: chosen.length })}
          disabled={chosen.length === 0}
          onPress={() => void client.act('handOver', { epcs: [...chosen] }).then(heed)}
          testId="kiosk-hand-over-go"
        />
      }
    >
      {tools.length === 0 ? (
        <PageText>{t('mine.noItems')}</PageText>
      ) : (
        <Paged
          items={tools}
          keyOf={({ epc }) => epc}
          label={t('handOver.title')}
          render={({ epc, name }) => {
            const on = chosen.includes(epc);
            return (
              <Row
                state={on ? 'ok' : 'out'}
                icon={on ? IconSquareCheck : IconSquare}
                isTool
                name={name}
                note={on ? t('handOver.on') : t('handOver.off')}
                onPress={() => toggle(epc)}
                testId="kiosk-hand-over-tool"
              />
            );
          }}
        />
      )}
    </PageFrame>
  );
}
