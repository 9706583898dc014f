import { AppError } from '@tagtrail/shared/error.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Api } from '../data/api.js';
import type { LiveState, LiveStore } from '../data/live-store.js';
import type { ServerClock } from '../data/server-clock.js';
import { type Ticker, useTick } from './ticker.js';

/** What the screens stand on; put together once in main.tsx, and by hand in tests. */
export interface Services {
  readonly api: Api;
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  readonly ticker: Ticker;
}

const Context = createContext<Services | null>(null);
export const ServicesProvider = Context.Provider;

export function useServices(): Services {
  const services = useContext(Context);
  if (services === null) throw new AppError('web.no_services', 'A screen stands outside the app.', { kind: 'bug' });
  return services;
}

export function useApi(): Api {
  return useServices().api;
}

/** A part of the live state; `select` must return a part by reference, never a new object. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, () => select(live.get()));
}

/** The server's wall time in milliseconds, renewed every few seconds. */
export function useNow(): number {
  const { ticker } = useServices();
  return useTick(ticker);
}
