import '../data/without-eval.js';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '@mantine/core/styles.css';
import '../ui/tone.css';
import '../app/app.css';
import './simulator.css';
import { MantineProvider } from '@mantine/core';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { theme } from '../app/theme.js';
import { createTicker } from '../app/ticker.js';
import { createText, languageOf } from '../text/text.js';
import { SimulatorApp, type SimulatorAppProps } from './simulator-app.js';
import { createSimulatorClient } from './simulator-client.js';
import { isPlace, type Outside } from './tool-places.js';

/** Puts the page of a simulated cabinet together. */
function start(root: HTMLElement): void {
  const clock = systemClock;
  const client = createSimulatorClient({
    fetch: (url, init) => fetch(url, init),
    openStream: (url) => new EventSource(url),
    clock,
  });
  const text = createText(firstLanguage());
  const remember = (): void => {
    localStorage.setItem('tagtrail.language', languageOf(text));
    document.documentElement.lang = languageOf(text);
  };
  document.documentElement.lang = languageOf(text);
  text.on('languageChanged', remember);
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={text}>
        <MantineProvider theme={theme} defaultColorScheme="auto">
          <SimulatorApp
            client={client}
            nowMs={clock.monotonicMs}
            ticker={createTicker(clock, clock.monotonicMs, 500)}
            memory={memory}
          />
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

/** The page of each cabinet has an address of its own, so this storage is only about this one. */
const memory: SimulatorAppProps['memory'] = {
  load: () => {
    try {
      const stored: unknown = JSON.parse(sessionStorage.getItem('tagtrail.outside') ?? '{}');
      const places = Object.entries(stored ?? {}).filter((entry): entry is [string, Outside[string]] =>
        isPlace(entry[1]),
      );
      return Object.fromEntries(places);
    } catch {
      return {};
    }
  },
  save: (outside) => sessionStorage.setItem('tagtrail.outside', JSON.stringify(outside)),
};

function firstLanguage(): 'en' | 'fr' {
  const chosen = localStorage.getItem('tagtrail.language');
  if (chosen === 'en' || chosen === 'fr') return chosen;
  return navigator.language.startsWith('fr') ? 'fr' : 'en';
}

const root = document.getElementById('root');
if (root !== null) start(root);
