import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BigButton } from './big-button.js';
import { Actions, secondsUntil } from './countdown.js';
import { useKiosk } from './kiosk-context.js';
import type { Page } from './kiosk-pages.js';

export interface PageFrameProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
  /** Where "back" leads; without one it closes the page. */
  readonly back?: Page;
  /** Further buttons beside "back". */
  readonly actions?: ReactNode;
}

/** A page that a touch has opened: a heading, one list or text, and the way back with what is left of the time. */
export function PageFrame(props: PageFrameProps) {
  const { t } = useTranslation();
  const { leavesAt, nowMs, open, close } = useKiosk();
  const { back } = props;
  const seconds = secondsUntil(leavesAt, nowMs);
  return (
    <main className="tk-main" data-tone="plain">
      <div className="tk-head">
        <h1>{props.title}</h1>
        {props.note !== undefined && <p>{props.note}</p>}
      </div>
      {props.children}
      <Actions leavesAt={leavesAt} nowMs={nowMs}>
        <BigButton
          icon={IconArrowLeft}
          label={back === undefined ? t('find.close') : t('find.back')}
          note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
          onPress={() => (back === undefined ? close() : open(back))}
          testId="kiosk-back"
        />
        {props.actions}
      </Actions>
    </main>
  );
}

/** A sentence where a list would be. */
export function PageText({ children }: { children: ReactNode }) {
  return <p className="tk-empty">{children}</p>;
}
