import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.js';
import { fr } from './fr.js';

export type TextLanguage = 'en' | 'fr';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}

/** The texts, ready to use. Nothing is loaded later, so no screen ever shows a key. */
export function createText(language: TextLanguage): i18n {
  const text = i18next.createInstance();
  void text.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, fr: { translation: fr } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    initAsync: false,
    showSupportNotice: false,
  } as Parameters<typeof text.init>[0]);
  return text;
}

/** The language of a text instance, as one of ours. */
export function languageOf(text: { language: string }): TextLanguage {
  return text.language.startsWith('fr') ? 'fr' : 'en';
}
