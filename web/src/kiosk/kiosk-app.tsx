import type { KioskState } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { type Ticker, useTick } from '../app/ticker.js';
import { languageOf, type TextLanguage } from '../text/text.js';
import type { KioskClient } from './kiosk-client.js';
import { KioskScreen, KioskStarting } from './kiosk-screen.js';
import { type Sound, soundOf } from './kiosk-sound.js';

export interface KioskAppProps {
  readonly client: KioskClient;
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly play: (sound: Sound) => void;
}

/** Follows the cabinet's state: language, sounds, clock. */
export function KioskApp({ client, clock, ticker, play }: KioskAppProps) {
  const { i18n } = useTranslation();
  const known = useSyncExternalStore(client.subscribe, client.get);
  useTick(ticker);
  const { state } = known;
  const [chosen, setChosen] = useState<TextLanguage | null>(null);
  const before = useRef<KioskState | null>(null);
  const phaseSinceMs = useRef(clock.monotonicMs());

  if (state !== null && state.phase !== before.current?.phase) phaseSinceMs.current = known.receivedMs;
  useEffect(() => {
    if (state === null) return;
    const sound = soundOf(before.current, state);
    if (sound !== null) play(sound);
    // A language chosen by hand lasts for one visit.
    if (before.current !== null && before.current.phase !== 'idle' && state.phase === 'idle') setChosen(null);
    before.current = state;
  }, [state, play]);

  const language = chosen ?? state?.language ?? 'en';
  useEffect(() => {
    if (languageOf(i18n) !== language) void i18n.changeLanguage(language);
    document.documentElement.lang = language;
  }, [language, i18n]);

  if (state === null) return <KioskStarting reachable={known.reachable} />;
  const passedMs = clock.monotonicMs() - known.receivedMs;
  return (
    <KioskScreen
      state={state}
      reachable={known.reachable}
      nowMs={Date.parse(state.now) + passedMs}
      phaseMs={Math.max(0, clock.monotonicMs() - phaseSinceMs.current)}
      client={client}
      onLanguage={() => setChosen(language === 'en' ? 'fr' : 'en')}
    />
  );
}
