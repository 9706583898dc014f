import { IconArrowLeft, IconBackspace, IconSpace } from '@tabler/icons-react';
import type { KioskFound } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../../text/text.js';
import { BigButton } from '../big-button.js';
import { secondsUntil } from '../countdown.js';
import { foundLook } from '../found-look.js';
import type { Asked } from '../kiosk-client.js';
import { useKiosk } from '../kiosk-context.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** The letters where hands expect them. */
const letters = {
  en: ['QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM'],
  fr: ['AZERTYUIOP', 'QSDFGHJKLM', 'WXCVBN'],
} as const;
const longest = 24;

/** Where is it, who has it: each letter answers at once, so the first tap here may already be the last. */
export function FindPage({ text: first = '' }: { text?: string | undefined }) {
  const { t } = useTranslation();
  const { client, nowMs, leavesAt, close } = useKiosk();
  const [text, setText] = useState(first);
  const [answer, setAnswer] = useState<Asked<readonly KioskFound[]> | null>(null);
  useEffect(() => {
    let stale = false;
    const wanted = text.trim();
    setAnswer(null);
    if (wanted !== '') void client.find(wanted).then((found) => stale || setAnswer(found));
    return () => {
      stale = true;
    };
  }, [text, client]);
  const seconds = secondsUntil(leavesAt, nowMs);
  const items = answer?.ok === true ? answer.value : [];
  return (
    <main className="tk-main" data-tone="plain">
      <div className="tk-query">
        <BigButton
          icon={IconArrowLeft}
          label={t('find.close')}
          note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
          onPress={close}
          testId="kiosk-back"
        />
        <output className="tk-typed" data-testid="kiosk-query" data-empty={text === ''}>
          {text === '' ? t('find.empty') : text}
        </output>
        <strong className="tk-count">{items.length > 0 && t('find.results', { count: items.length })}</strong>
      </div>
      <div className="tk-results">
        {items.length > 0 ? (
          <Results items={items} text={text} />
        ) : (
          <p className="tk-empty" role="status">
            {text.trim() === '' ? t('find.hint') : answer === null ? t('find.waiting') : failure(t, answer)}
          </p>
        )}
      </div>
      <Keyboard
        onKey={(key) => setText((before) => (before + key).slice(0, longest))}
        onErase={() => setText((before) => before.slice(0, -1))}
      />
    </main>
  );
}

function failure(t: TFunction, answer: Asked<unknown>): string {
  return answer.ok ? t('find.none') : t(`kiosk.failure.${answer.code}`);
}

function Results({ items, text }: { items: readonly KioskFound[]; text: string }) {
  const { t, i18n } = useTranslation();
  const { nowMs, open } = useKiosk();
  return (
    <Paged
      items={items}
      keyOf={({ epc }) => epc}
      label={t('find.results', { count: items.length })}
      render={(tool) => {
        const look = foundLook(t, i18n, tool, nowMs);
        return (
          <Row
            state={look.state}
            icon={look.icon}
            isTool
            name={tool.name}
            note={look.reason === '' ? look.where : look.reason}
            onPress={() => open({ kind: 'found', tool, text })}
            testId="kiosk-found"
            data={{ 'data-epc': tool.epc, 'data-where': tool.where }}
          />
        );
      }}
    />
  );
}

function Keyboard({ onKey, onErase }: { onKey: (key: string) => void; onErase: () => void }) {
  const { t, i18n } = useTranslation();
  const rows = letters[languageOf(i18n)];
  return (
    <div className="tk-keys" data-testid="kiosk-keys">
      {['1234567890', ...rows].map((row, at) => (
        <div key={row} className="tk-keys-row">
          {[...row].map((key) => (
            <button key={key} type="button" className="tk-button" onClick={() => onKey(key)}>
              {key}
            </button>
          ))}
          {at === rows.length && (
            <>
              <button
                type="button"
                className="tk-button"
                data-wide="true"
                aria-label={t('find.space')}
                onClick={() => onKey(' ')}
              >
                <IconSpace size={40} aria-hidden />
              </button>
              <button
                type="button"
                className="tk-button"
                data-wide="true"
                aria-label={t('find.erase')}
                onClick={onErase}
                data-testid="kiosk-erase"
              >
                <IconBackspace size={44} aria-hidden />
              </button>
            </>
          )}
        </div>
      ))}
    </div>
  );
}
