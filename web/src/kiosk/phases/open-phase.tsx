import { IconAlertOctagon, IconArrowBackUp, IconArrowsExchange, IconBan, IconDoor } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { GreetingMarks } from '../greeting-marks.js';
import { useKiosk } from '../kiosk-context.js';
import { reasonText } from '../kiosk-words.js';
import { Message } from '../message.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** A door is open: what to do, what to leave alone, and what is wrong with it. */
export function OpenPhase() {
  const { t } = useTranslation();
  const { state, desk } = useKiosk();
  if (desk.alarm && state.person !== null) {
    return (
      <Message
        tone="bad"
        alarm
        icon={IconBan}
        title={t('kiosk.putBack')}
        text={t('kiosk.putBackText')}
        help={t('kiosk.putBackHelp')}
      />
    );
  }
  if (state.doorLeftOpen === true) {
    return (
      <Message
        tone="bad"
        alarm
        icon={IconDoor}
        title={t('kiosk.leftOpen')}
        text={t('kiosk.leftOpenText')}
        help={state.person === null ? t('kiosk.openUnsignedHelp') : t('kiosk.leftOpenHelp')}
      />
    );
  }
  if (state.person === null) {
    return (
      <Message
        tone="bad"
        alarm
        icon={IconAlertOctagon}
        title={t('kiosk.openUnsigned')}
        text={t('kiosk.openUnsignedText')}
        help={t('kiosk.openUnsignedHelp')}
      />
    );
  }
  if (desk.returnOnly !== null) {
    return (
      <Message
        tone="warn"
        icon={IconArrowBackUp}
        title={t('returnOnly.open')}
        text={t('returnOnly.openHelp')}
        help={t('kiosk.openHelp')}
      />
    );
  }
  if (desk.notForYou.length > 0) return <OpenWithMarks />;
  const count = state.holding.length;
  return (
    <Message
      tone="ok"
      icon={IconArrowsExchange}
      title={t('kiosk.open')}
      text={t('kiosk.openHelp')}
      help={count === 0 ? t('kiosk.holdNone') : t('kiosk.hold', { count })}
    >
      <GreetingMarks />
    </Message>
  );
}

/** What lies inside and should stay there, red, with the reason in words. */
function OpenWithMarks() {
  const { t, i18n } = useTranslation();
  const { desk, nowMs } = useKiosk();
  return (
    <main className="tk-main" data-tone="ok">
      <div className="tk-head tk-head-big">
        <IconArrowsExchange size={72} stroke={1.6} aria-hidden />
        <div>
          <h1>{t('kiosk.open')}</h1>
          <p>{t('kiosk.openHelp')}</p>
        </div>
      </div>
      <h2 className="tk-leave">
        <IconBan size={36} aria-hidden />
        {t('kiosk.notForYou', { count: desk.notForYou.length })}
      </h2>
      <Paged
        items={desk.notForYou}
        keyOf={({ epc }) => epc}
        label={t('kiosk.notForYou', { count: desk.notForYou.length })}
        render={(item) => (
          <Row
            state="forbidden"
            icon={IconBan}
            isTool
            name={item.name}
            note={reasonText(t, i18n, item, nowMs)}
            testId="kiosk-not-for-you"
            data={{ 'data-epc': item.epc, 'data-reason': item.reason }}
          />
        )}
      />
    </main>
  );
}
