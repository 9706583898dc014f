import { errorText } from '@tagtrail/shared/error.js';
import { stateTimes } from '@tagtrail/shared/mqtt/messages.js';
import { upTopic } from '@tagtrail/shared/mqtt/topics.js';
import { repeat, type Timer } from '@tagtrail/shared/time/clock.js';
import type { UplinkOptions } from './uplink-options.js';

const gatherMs = 200;

export interface StatePublisher {
  start(): void;
  stop(): void;
  changed(): void;
}

/** Sends the state when the connection stands, after changes, and every 10 s. */
export function createStatePublisher(options: UplinkOptions, connected: () => boolean): StatePublisher {
  const { clock, transport, identity, log } = options;
  let beat: Timer | undefined;
  let gathering: Timer | undefined;
  const send = (): void => {
    const payload = JSON.stringify(options.getState());
    transport.publish(upTopic(identity, 'state'), payload, { retain: true }).catch((error) => {
      log.debug({ error: errorText(error) }, 'uplink.state.unsent');
    });
  };
  const stop = (): void => {
    beat?.cancel();
    gathering?.cancel();
    gathering = undefined;
  };
  return {
    start: () => {
      stop();
      send();
      beat = repeat(clock, 'uplink.state', stateTimes.everyMs, send);
    },
    stop,
    changed: () => {
      if (!connected() || gathering !== undefined) return;
      gathering = clock.startTimer('uplink.state.gather', gatherMs, () => {
        gathering = undefined;
        send();
      });
    },
  };
}
