import { IconLockOpen, IconSquare, IconSquareCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** What comes back, in the person's own words, because no reader sees it; then the door opens. */
export function ReturnChoicePage() {
  const { t } = useTranslation();
  const { desk, client, heed } = useKiosk();
  const items = desk.returnOnly?.items ?? [];
  // Who holds one tool brings that one; with more nothing is put into anybody's mouth.
  const [chosen, setChosen] = useState<readonly string[]>(items.length === 1 ? items.map(({ epc }) => epc) : []);
  const toggle = (epc: string): void =>
    setChosen((before) => (before.includes(epc) ? before.filter((other) => other !== epc) : [...before, epc]));
  return (
    <PageFrame
      title={t('returnOnly.choose')}
      actions={
        <BigButton
          icon={IconLockOpen}
          look="primary"
          label={t('returnOnly.go', { count: chosen.length })}
          onPress={() => void client.act('returnOnly', { epcs: [...chosen] }).then(heed)}
          testId="kiosk-return-go"
        />
      }
    >
      <Paged
        items={items}
        keyOf={({ epc }) => epc}
        label={t('returnOnly.choose')}
        render={({ epc, name }) => {
          const on = chosen.includes(epc);
          return (
            <Row
              state={on ? 'ok' : 'out'}
              icon={on ? IconSquareCheck : IconSquare}
              isTool
              name={name}
              note={on ? t('returnOnly.on') : t('returnOnly.off')}
              onPress={() => toggle(epc)}
              testId="kiosk-return-tool"
            />
          );
        }}
      />
    </PageFrame>
  );
}
