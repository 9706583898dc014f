import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '@tagtrail/shared/log/log.js';
import type { CabinetAddress } from '@tagtrail/shared/mqtt/topics.js';
import type { Random } from '@tagtrail/shared/random/random.js';
import type { CabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import type { Clock } from '@tagtrail/shared/time/clock.js';
import { assembleEdge, type RunningEdge } from './assemble-edge.js';
import type { EdgeConfig } from './config.js';
import { deviceDrivers } from './device-drivers.js';
import { openFileDisk } from './journal/file-disk.js';
import type { TraceRecorder } from './record/trace-recorder.js';
import { createMqttTransport } from './uplink/mqtt-transport.js';
import { offlineMessage } from './uplink/uplink.js';

export interface EdgeOptions {
  readonly config: EdgeConfig;
  readonly credentials: CabinetCredentials & CabinetAddress;
  /** Absolute path of the data directory, locked by the caller. */
  readonly data: string;
  /** Certificates (PEM) to trust for the broker; those of the system when left out. */
  readonly mqttCa?: string;
  readonly agentVersion: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Writes down every byte of every device. */
  readonly trace?: TraceRecorder;
}

const kioskDir = fileURLToPath(new URL('../../web/dist-kiosk', import.meta.url));

/**
 * Puts the real disk, serial ports and broker around the agent and starts it.
 * @throws AppError `uplink.bad_signing_key`, `journal.*`, `disk.*`, `kiosk.*`.
 */
export async function runEdge(options: EdgeOptions): Promise<RunningEdge> {
  let stopped = false;
  let edge = await open(options, onFork);
  const { kiosk } = edge;
  let turn: Promise<void> = Promise.resolve();

  /** What cannot be opened again ends the process: started anew, it finds the mark of the fork. */
  function onFork(): void {
    turn = turn.then(async () => {
      if (stopped) return;
      options.log.warn({}, 'edge.fork.new_log');
      await edge.stop('a new log after a fork');
      const port = kiosk === '' ? options.config.kiosk.port : Number(new URL(kiosk).port);
      const config = { ...options.config, kiosk: { ...options.config.kiosk, port } };
      edge = await open({ ...options, config }, onFork);
    });
  }

  return {
    kiosk,
    journal: edge.journal,
    stop: async (reason) => {
      stopped = true;
      await turn;
      await edge.stop(reason);
      options.trace?.close();
    },
  };
}

async function open(options: EdgeOptions, onFork: () => void): Promise<RunningEdge> {
  const { config, credentials, data, trace, mqttCa, ...platform } = options;
  const identity: CabinetAddress = { tenant: credentials.tenant, cabinet: credentials.cabinet };
  const { clock, random, log } = platform;
  return assembleEdge({
    ...{ ...platform, config, credentials, kioskDir, onFork },
    disks: { journal: await openFileDisk(join(data, 'journal')), rules: await openFileDisk(join(data, 'rules')) },
    devices: deviceDrivers(config.devices, { clock, random, log }, trace?.wrap),
    transport: createMqttTransport({
      url: config.mqttUrl ?? credentials.mqttUrl,
      secret: credentials.secret,
      will: offlineMessage(identity),
      ...(mqttCa === undefined ? {} : { ca: mqttCa }),
      ...{ identity, clock, random, log },
    }),
  });
}
