import { errorText } from '@tagtrail/shared/error.js';
import type { Log } from '@tagtrail/shared/log/log.js';
import {
  startContinuousRequest,
  stopContinuousRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { MercuryConfig } from '../../device-config.js';
import type { Line } from '../device-link.js';
import type { EffortInForce, ReadEffort, SweepPlan } from '../reader.js';
import { must } from './mercury-ask.js';
import { thoroughConfig } from './mercury-effort.js';
import { canAsk, searchOf, setSession, startReading } from './mercury-plans.js';
import type { MercuryPort } from './mercury-port.js';
import { setDwells, setPower } from './mercury-ports.js';
import { stopTimeoutMs } from './mercury-probe.js';

/** What is being read, and how hard, over one open link. */
export interface Reading {
  /** As `UhfReader`. */
  setEffort(effort: ReadEffort): Promise<EffortInForce | null>;
  setPlan(plan: SweepPlan, begins: () => void): Promise<boolean>;
  onRoundEnd(): void;
}

export interface ReadingOptions {
  readonly port: MercuryPort;
  readonly line: Line;
  readonly config: MercuryConfig;
  readonly log: Log;
  /** The firmware takes Selects, and was started with them. */
  readonly takesSelects: boolean;
}

/** A tag takes part in a sweep for the rest once a usual one has named it; two, because one may miss it. */
const sweepsBeforeRest = 2;

/**
 * Changes what a module reads while it reads: it is stopped, set and started anew. One change at a
 * time. A module that refuses is set up from the start, as usual.
 */
export function createReading({ port, line, config, log, takesSelects }: ReadingOptions): Reading {
  let effort: ReadEffort = 'usual';
  let plan: SweepPlan = { kind: 'usual' };
  let usualSweeps = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** @throws AppError as `MercuryPort.command`. */
  async function stop(): Promise<void> {
    await port.command(stopContinuousRequest(), stopTimeoutMs);
  }

  /** @throws AppError as `must`. */
  async function start(next: SweepPlan): Promise<void> {
    if ((next.kind === 'rest') !== (plan.kind === 'rest')) await setSession(port, next);
    if (next.kind === 'usual') await startReading(port, effort === 'thorough' ? thoroughConfig(config) : config);
    else
      await must(port, startContinuousRequest(searchOf(next, config, true)), 'The UHF reader does not start reading');
    if (next.kind === 'rest') usualSweeps = 0;
    plan = next;
  }

  async function changeEffort(wanted: ReadEffort): Promise<EffortInForce> {
    const settings = wanted === 'thorough' ? thoroughConfig(config) : config;
    if (wanted !== effort) {
      await stop();
      await setPower(port, settings);
      await setDwells(port, settings);
      effort = wanted;
      await start({ kind: 'usual' });
    }
    return { readPowerDbm: settings.readPowerDbm, raisedDb: settings.readPowerDbm - config.readPowerDbm };
  }

  function isPossible(wanted: SweepPlan): boolean {
    if (wanted.kind === 'usual') return true;
    if (!takesSelects || effort !== 'usual' || !canAsk(wanted)) return false;
    return wanted.kind !== 'rest' || plan.kind === 'rest' || usualSweeps >= sweepsBeforeRest;
  }

  async function changePlan(wanted: SweepPlan, begins: () => void): Promise<boolean> {
    if (!isPossible(wanted)) return false;
    await stop();
    // Everything that was read before the stop has been told before its answer.
    begins();
    await start(wanted);
    return true;
  }

  /** One change after another; what goes wrong is told, and the module is set up anew. */
  function inTurn<T>(what: string, change: () => Promise<T>, otherwise: T): Promise<T> {
    const changed = turn.then(change).catch((error) => {
      log.warn({ what, error: errorText(error) }, 'edge.reader.change_refused');
      line.restarted(`The UHF reader did not change its ${what} and is being set up again.`);
      return otherwise;
    });
    turn = changed;
    return changed;
  }

  return {
    setEffort: (wanted) => inTurn<EffortInForce | null>('power', () => changeEffort(wanted), null),
    setPlan: (wanted, begins) => inTurn('search', () => changePlan(wanted, begins), false),
    onRoundEnd: () => {
      if (plan.kind === 'usual' && takesSelects) usualSweeps += 1;
    },
  };
}
