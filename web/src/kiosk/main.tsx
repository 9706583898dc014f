import '../data/without-eval.js';
import '@fontsource-variable/inter';
import './kiosk.css';
import './kiosk-parts.css';
import './kiosk-pages.css';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createTicker } from '../app/ticker.js';
import { createText } from '../text/text.js';
import { KioskApp } from './kiosk-app.js';
import { createKioskClient } from './kiosk-client.js';
import { createSounds } from './kiosk-sound.js';

/** Puts the cabinet's screen together. */
function start(root: HTMLElement): void {
  const clock = systemClock;
  const client = createKioskClient({
    fetch: (url, init) => fetch(url, init),
    openStream: (url) => new EventSource(url),
    clock,
  });
  const play = createSounds(() => ('AudioContext' in window ? new AudioContext() : null));
  const ticker = createTicker(clock, clock.monotonicMs, 250);
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={createText('en')}>
        <KioskApp client={client} clock={clock} ticker={ticker} play={play} />
      </I18nextProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root !== null) start(root);
