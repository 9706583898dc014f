import './data/without-eval.js';
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import 'mantine-datatable/styles.css';
import './ui/tone.css';
import './ui/cabinet.css';
import './ui/trail.css';
import './app/app.css';
import './ui/page.css';
import './ui/section.css';
import { MantineProvider } from '@mantine/core';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { buildRouter } from './app/router.js';
import { type Services, ServicesProvider } from './app/services.js';
import { theme } from './app/theme.js';
import { createTicker } from './app/ticker.js';
import { createApi } from './data/api.js';
import { createApiClient, statusOf } from './data/api-client.js';
import { createLiveStore } from './data/live-store.js';
import { createRefresher } from './data/refresher.js';
import { createServerClock } from './data/server-clock.js';
import { createText, languageOf } from './text/text.js';

/** Puts the dashboard together, in the order of the data: clock, interface, live feed, screens. */
function start(root: HTMLElement): void {
  const clock = systemClock;
  const serverClock = createServerClock(clock);
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && (statusOf(error) ?? 500) >= 500,
      },
    },
  });
  const client = createApiClient({
    fetch: (url, init) => fetch(url, init),
    onServerDate: serverClock.learn,
    onSignedOut: () => {
      live.clear();
      if (router.state.location.pathname === '/sign-in') return;
      queries.removeQueries();
      void router.navigate({ to: '/sign-in', search: { to: router.state.location.href, ended: true } });
    },
  });
  const refresher = createRefresher({ clock, refresh: (key) => void queries.invalidateQueries({ queryKey: key }) });
  const live = createLiveStore({ nowMs: serverClock.nowMs, onNews: refresher.news, onGap: refresher.all });
  const ticker = createTicker(clock, serverClock.nowMs, 1_000);
  const services: Services = { api: createApi(client), live, clock, serverClock, ticker };
  const router = buildRouter({ services, queries });
  const text = createText(localStorage.getItem('tagtrail.language') === 'fr' ? 'fr' : firstLanguage());
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
          <QueryClientProvider client={queries}>
            <ServicesProvider value={services}>
              <RouterProvider router={router} />
            </ServicesProvider>
          </QueryClientProvider>
        </MantineProvider>
      </I18nextProvider>
    </StrictMode>,
  );
}

function firstLanguage(): 'en' | 'fr' {
  if (localStorage.getItem('tagtrail.language') === 'en') return 'en';
  return navigator.language.startsWith('fr') ? 'fr' : 'en';
}

const root = document.getElementById('root');
if (root !== null) start(root);
