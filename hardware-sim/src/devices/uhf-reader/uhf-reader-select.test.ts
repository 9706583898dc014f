import { fromHex } from '@tagtrail/shared/bytes/hex.js';
import { gen2Param, gen2Target } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  startContinuousRequest,
  stopContinuousRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-continuous-commands.js';
import type { MercuryRequest } from '@tagtrail/shared/protocol/mercury/mercury-frame.js';
import { setGen2ParamRequest } from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import {
  epcPointerBits,
  type Gen2Select,
  type SelectAction,
  type SelectTarget,
  selectFields,
} from '@tagtrail/shared/protocol/mercury/mercury-select.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { describe, expect, it } from 'vitest';
import { m6eModel, type ReaderModel } from './reader-model.js';
import { at, bench, kinds, pliers, wrench } from './testing/uhf-reader-bench.js';

function select(target: SelectTarget, action: SelectAction, epc = '', bits = epc.length * 4): Gen2Select {
  return { target, action, bank: 'epc', pointerBits: epcPointerBits, maskBits: bits, mask: fromHex(epc) };
}

const search = { flags: 0x001b, timeoutMs: 60, metadataFlags: 0x0007 };

function reading(...selects: readonly Gen2Select[]): MercuryRequest {
  const [first, ...more] = selects;
  return startContinuousRequest(first === undefined ? search : { ...search, ...selectFields([first, ...more]) });
}

/** A module that asks in S2 for A, in front of two tags that one antenna hears. */
async function askingOnce(model: ReaderModel = m6eModel) {
  const rig = bench(model);
  await rig.setUp([1]);
  await rig.one(setGen2ParamRequest(gen2Param.session, 2));
  await rig.one(setGen2ParamRequest(gen2Param.target, gen2Target.a));
  rig.heard.set(1, [at(wrench), at(pliers)]);
  const tags = async (request: MercuryRequest, ms: number): Promise<readonly string[]> => {
    const said = kinds(await rig.ask(request, ms));
    await rig.ask(stopContinuousRequest(), 100);
    return said.filter((kind) => kind.startsWith('tag'));
  };
  return { ...rig, tags };
}

const both = ['tag 2E port 1', 'tag 01 port 1'];

describe('Selects and sessions of a simulated module', () => {
  it('lets each tag answer once that is asked in S2 for A', async () => {
    const { tags } = await askingOnce();
    expect(await tags(reading(), 300)).toEqual(both);
    expect(await tags(reading(), 300)).toEqual([]);
  });

  it('takes tags back to A, so that they answer in every round', async () => {
    const { tags } = await askingOnce();
    const again = [select('sl', 'assertElseDeassert'), select('s2', 'assert')];
    expect(await tags(reading(...again), 130)).toEqual([...both, ...both]);
  });

  it('asks only the tags that were selected', async () => {
    const { tags } = await askingOnce();
    const only = [select('sl', 'assertElseDeassert', wrench), select('s2', 'assert', wrench)];
    expect(await tags(reading(...only), 130)).toEqual(['tag 2E port 1', 'tag 2E port 1']);
    const oneBit = [select('sl', 'assertElseDeassert', '80', 1), select('s2', 'assert')];
    expect(await tags(reading(...oneBit), 65)).toEqual(['tag 01 port 1']);
  });

  it('asks nobody when a Select names a tag that is not there, or does not select', async () => {
    const { tags } = await askingOnce();
    expect(await tags(reading(select('sl', 'assertElseDeassert', '00112233')), 100)).toEqual([]);
    expect(await tags(reading(select('s2', 'assert', wrench)), 100)).toEqual([]);
  });

  it('spends time on each Select, and on a round that finds nobody', async () => {
    const { heard, ask, rounds } = await askingOnce();
    heard.clear();
    const short = { ...search, timeoutMs: 4 };
    const began = rounds.length;
    await ask(startContinuousRequest(short), 120);
    const bare = rounds.length - began;
    await ask(stopContinuousRequest(), 50);
    const from = rounds.length;
    await ask(startContinuousRequest({ ...short, ...selectFields([select('sl', 'assert', wrench)]) }), 120);
    expect(bare).toBe(11);
    expect(rounds.length - from).toBe(8);
  });

  it('refuses more Selects than the firmware takes', async () => {
    const old = await askingOnce({ ...m6eModel, mostSelects: 0 });
    expect(await old.one(reading(select('sl', 'assert')))).toMatchObject({ status: status.invalidParameter });
    const { one } = await askingOnce();
    const four = Array.from({ length: 4 }, () => select('sl', 'assert'));
    expect(await one(reading(...four))).toMatchObject({ status: status.invalidParameter });
  });

  it('pauses on the air while the line cannot take more', async () => {
    const { heard, ask, one, said, setUp, clock } = bench();
    await setUp([1]);
    await one(setGen2ParamRequest(gen2Param.session, 1));
    await one(setGen2ParamRequest(gen2Param.target, gen2Target.ab, 2));
    const epcs = Array.from({ length: 60 }, (_, i) => `E28011606000020000000${(i + 256).toString(16).toUpperCase()}`);
    heard.set(
      1,
      [...epcs, ...epcs, ...epcs, ...epcs].map((epc) => at(epc)),
    );
    const fast = { ...search, metadataFlags: 0x01ff };
    await ask(startContinuousRequest(fast), 2000);
    const bytes = said.reduce((sum, { data }) => sum + data.length + 7, 0);
    // What the line carries in two seconds at 115,200 bits a second, and what may wait for it.
    expect(bytes).toBeLessThanOrEqual((2000 * 115_200) / 10_000 + m6eModel.outputBytes + 64);
    expect(bytes).toBeGreaterThan((2000 * 115_200) / 10_000 - 64);
    await clock.advance(10);
  });
});
