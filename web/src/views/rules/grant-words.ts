import type { GrantView } from '@tagtrail/shared/api/grant.js';
import { useTranslation } from 'react-i18next';
import { dayText } from '../../data/time-text.js';
import { windowText } from '../../data/window-text.js';
import { languageOf } from '../../text/text.js';

const namesShown = 3;

/** A grant in words: what it is about, and when it holds. */
export function useGrantWords() {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  return {
    what: ({ assets, assets_elsewhere: elsewhere, model }: GrantView): string => {
      if (model !== null) return t('grant.modelOf', { name: model });
      if (assets === null) return t('grant.everything');
      const names = assets.slice(0, namesShown).map(({ name }) => name ?? '');
      const rest = assets.length - names.length + elsewhere;
      return [...names, ...(rest > 0 ? [t('order.andMore', { count: rest })] : [])].join(', ');
    },
    when: ({ windows, valid_until: until }: GrantView): string =>
      [
        windows === null ? t('grant.always') : windows.map((window) => windowText(window, language)).join('; '),
        ...(until === null ? [] : [t('grant.until', { day: dayText(until, language) })]),
      ].join(', '),
  };
}
