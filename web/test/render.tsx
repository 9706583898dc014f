import { MantineProvider } from '@mantine/core';
import { systemClock } from '@tagtrail/shared/time/system-clock.js';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { type Services, ServicesProvider } from '../src/app/services.js';
import { theme } from '../src/app/theme.js';
import { createApi } from '../src/data/api.js';
import { createApiClient } from '../src/data/api-client.js';
import { createLiveStore } from '../src/data/live-store.js';
import { createServerClock } from '../src/data/server-clock.js';
import { createText, type TextLanguage } from '../src/text/text.js';

// why: jsdom lays nothing out, so it has neither of these, and the component library asks for both.
class NoResize {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
const noMatch = (media: string) => ({
  media,
  matches: false,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
});
Object.assign(globalThis, { ResizeObserver: NoResize });
Object.assign(window, { matchMedia: noMatch, ResizeObserver: NoResize, scrollTo: () => {} });

export interface RenderOptions {
  readonly language?: TextLanguage;
  /** The server's wall time. */
  readonly nowMs: number;
  /** Answers of the server by method and path. */
  readonly answers?: Readonly<Record<string, () => Response>>;
}

/** Draws one screen with everything that it stands on; the time stands still. */
export async function renderScreen(screen: ReactNode, options: RenderOptions) {
  const asked: string[] = [];
  const client = createApiClient({
    fetch: async (url, init) => {
      const what = `${init.method} ${url.split('?')[0]}`;
      asked.push(`${init.method} ${url}${typeof init.body === 'string' ? ` ${init.body}` : ''}`);
      return options.answers?.[what]?.() ?? new Response(null, { status: 500 });
    },
    onServerDate: () => {},
    onSignedOut: () => {},
  });
  const live = createLiveStore({ nowMs: () => options.nowMs, onNews: () => {}, onGap: () => {} });
  const services: Services = {
    api: createApi(client),
    live,
    clock: systemClock,
    serverClock: createServerClock(systemClock),
    ticker: { get: () => options.nowMs, subscribe: () => () => {} },
  };
  const root = createRootRoute({ component: () => screen });
  const router = createRouter({ routeTree: root, history: createMemoryHistory() });
  await router.load();
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const view = render(
    <I18nextProvider i18n={createText(options.language ?? 'en')}>
      <MantineProvider theme={theme} env="test">
        <QueryClientProvider client={queries}>
          <ServicesProvider value={services}>
            <RouterProvider router={router as never} />
          </ServicesProvider>
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>,
  );
  return { ...view, live, asked };
}
