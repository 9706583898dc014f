import type { Clock, Timer } from '@tagtrail/shared/time/clock.js';

/** The relays of a board, each of which can be switched for a time by the board itself. */
export interface RelayBank {
  isOn(channel: number): boolean;
  set(channel: number, on: boolean): void;
  /** Switches to `on` now and to the opposite after `forMs`. */
  pulse(channel: number, on: boolean, forMs: number): void;
  allOff(): void;
}

export function createRelayBank(
  clock: Clock,
  count: number,
  onSwitch: (channel: number, on: boolean) => void,
): RelayBank {
  const states: boolean[] = Array.from({ length: count }, () => false);
  const timers = new Map<number, Timer>();

  const turn = (channel: number, on: boolean): void => {
    if (states[channel] === on) return;
    states[channel] = on;
    onSwitch(channel, on);
  };
  const set = (channel: number, on: boolean): void => {
    timers.get(channel)?.cancel();
    timers.delete(channel);
    turn(channel, on);
  };

  return {
    isOn: (channel) => states[channel] ?? false,
    set,
    pulse: (channel, on, forMs) => {
      set(channel, on);
      timers.set(
        channel,
        clock.startTimer(`relay ${channel} ${on ? 'off' : 'on'} again`, forMs, () => {
          timers.delete(channel);
          turn(channel, !on);
        }),
      );
    },
    allOff: () => {
      for (let channel = 0; channel < count; channel++) set(channel, false);
    },
  };
}
