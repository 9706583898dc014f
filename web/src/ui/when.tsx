import { useTranslation } from 'react-i18next';
import { useNow } from '../app/services.js';
import { clockText, exactText, relativeText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';

/** A moment: relative, with the exact time on hover. */
export function When({ at, look = 'relative' }: { at: string | null; look?: 'relative' | 'clock' }) {
  const { t, i18n } = useTranslation();
  const nowMs = useNow();
  if (at === null) return <span>{t('common.never')}</span>;
  const language = languageOf(i18n);
  const text = look === 'clock' ? clockText(at, nowMs, language) : relativeText(at, nowMs, language);
  return (
    <time dateTime={at} title={exactText(at, language)} className="tt-time">
      {text}
    </time>
  );
}

/** The same as a text, for sentences. */
export function useWhenText(): (at: string | null) => string {
  const { t, i18n } = useTranslation();
  const nowMs = useNow();
  return (at) => (at === null ? t('common.never') : relativeText(at, nowMs, languageOf(i18n)));
}
