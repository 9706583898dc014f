import { fromHex } from '@tagtrail/shared/bytes/hex.js';
import {
  gen2Param,
  gen2Target,
  metadataFlag,
  searchFlag,
} from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import { startContinuousRequest } from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import { setGen2ParamRequest } from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import type { SearchSetting } from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import {
  epcPointerBits,
  type Gen2Select,
  mostSelects,
  selectFields,
} from '@tagtrail/shared/protocol/mercury/mercury-select.js';
import { statisticsFlag } from '@tagtrail/shared/protocol/mercury/mercury-statistics.js';
import type { MercuryConfig } from '../../device-config.js';
import type { SweepPlan } from '../reader.js';
import { must, optional } from './mercury-ask.js';
import type { MercuryPort } from './mercury-port.js';
import { dwellsOf } from './mercury-ports.js';

/** Session S1 of Gen2; with the target "A then B" a tag that was missed gets another chance in every search. */
const usualSession = 1;
/** A session of its own for sweeps that ask each tag once: with power its flags last for ever. */
const restSession = 2;

/** EPCs that one search can ask for. */
export const focusLimit = mostSelects;

/** A search that few tags answer may leave each antenna after this. */
const shortStayMs = 15;

/**
 * Both Selects name every tag: the first because a module asks only selected tags once it sends a
 * Select, the second so that all are found by the next sweep that asks each once.
 */
const askAllAnew: readonly [Gen2Select, Gen2Select] = [
  { ...everyTag(), target: 'sl', action: 'assertElseDeassert' },
  { ...everyTag(), target: 's2', action: 'assert' },
];

function everyTag(): Pick<Gen2Select, 'bank' | 'pointerBits' | 'maskBits' | 'mask'> {
  return { bank: 'epc', pointerBits: epcPointerBits, maskBits: 0, mask: new Uint8Array(0) };
}

/**
 * The end of an EPC tells tags apart: what kind of thing it is and its number (GS1 Tag Data Standard 1.13,
 * section 14), while it begins with what all tags of an owner share. Every bit of a mask is on the air in each
 * round; a tag of somebody else that ends in the same may answer too, and its answers count for no round.
 */
const tellingBytes = 8;

/** Selects these tags, each by the end of its EPC. */
function askingOnly(epcs: readonly string[]): Gen2Select[] {
  return epcs.map((epc, index) => {
    const whole = fromHex(epc);
    const mask = whole.slice(-tellingBytes);
    // The first one takes SL from every other tag.
    const action = index === 0 ? 'assertElseDeassert' : 'assert';
    const pointerBits = epcPointerBits + (whole.length - mask.length) * 8;
    return { target: 'sl', action, bank: 'epc', pointerBits, maskBits: mask.length * 8, mask };
  });
}

/** True for a plan that a module with Selects can carry out. */
export function canAsk(plan: SweepPlan): boolean {
  return plan.kind !== 'only' || (plan.epcs.length > 0 && plan.epcs.length <= focusLimit);
}

/** The search of a plan; `selects` false for firmware that takes none, which can only sweep as usual. */
export function searchOf(plan: SweepPlan, config: MercuryConfig, selects: boolean): SearchSetting {
  const metadataFlags = metadataFlag.readCount | metadataFlag.rssi | metadataFlag.antenna;
  const flags = searchFlag.configuredList | searchFlag.streaming | searchFlag.largePopulation;
  if (plan.kind === 'usual') {
    return { flags, timeoutMs: config.searchMs, metadataFlags, ...(selects ? selectFields(askAllAnew) : {}) };
  }
  // With a time of its own for each antenna a shorter search would not reach the last ones.
  const hasDwells = dwellsOf(config).length > 0;
  const timeoutMs = hasDwells ? config.searchMs : Math.min(config.searchMs, config.antennas.length * shortStayMs);
  const [first, ...more] = plan.kind === 'only' ? askingOnly(plan.epcs) : [];
  return { flags, timeoutMs, metadataFlags, ...(first === undefined ? {} : selectFields([first, ...more])) };
}

/**
 * Session and target for a plan. Sweeps for the rest ask in S2 for A alone, so that a tag answers
 * once on whichever antenna hears it first; all others ask both sides of S1.
 * @throws AppError as `must`.
 */
export async function setSession(port: MercuryPort, plan: SweepPlan): Promise<void> {
  const isRest = plan.kind === 'rest';
  const session = isRest ? restSession : usualSession;
  const target = isRest ? gen2Target.a : gen2Target.ab;
  await must(port, setGen2ParamRequest(gen2Param.session, session), `The UHF reader refuses session S${session}`);
  await must(
    port,
    setGen2ParamRequest(gen2Param.target, target, 2),
    'The UHF reader refuses the target of its session',
  );
}

/**
 * Starts the usual reading: with its temperature in the stream, and with Selects that prepare sweeps
 * for the rest; without what the firmware does not know. True when it takes Selects.
 * @throws AppError as `must`.
 */
export async function startReading(port: MercuryPort, config: MercuryConfig): Promise<boolean> {
  for (const selects of [true, false]) {
    const search = searchOf({ kind: 'usual' }, config, selects);
    const flags = search.flags | searchFlag.statisticsStream;
    const withTemperature = { ...search, flags, statisticsFlags: statisticsFlag.temperature };
    if ((await optional(port, startContinuousRequest(withTemperature))) !== undefined) return selects;
    if (selects && (await optional(port, startContinuousRequest(search))) !== undefined) return true;
  }
  const bare = searchOf({ kind: 'usual' }, config, false);
  await must(port, startContinuousRequest(bare), 'The UHF reader does not start reading');
  return false;
}
