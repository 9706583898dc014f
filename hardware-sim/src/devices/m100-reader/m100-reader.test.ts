import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { m100Vectors } from '@tagtrail/shared/protocol/m100/m100.vectors.js';
import {
  decodeReport,
  multiInventoryRequest,
  setPowerRequest,
  stopMultiInventoryRequest,
} from '@tagtrail/shared/protocol/m100/m100-commands.js';
import { command, errorCode } from '@tagtrail/shared/protocol/m100/m100-constants.js';
import { encodeRequest, type M100Frame, type M100Request } from '@tagtrail/shared/protocol/m100/m100-frame.js';
import { createM100Parser } from '@tagtrail/shared/protocol/m100/m100-parser.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createField } from '../../field/field.js';
import { createM100Reader } from './m100-reader.js';

const tool = '3474257BF40000000000162E';

async function createBench(inside = true) {
  const clock = new VirtualClock();
  const tags = [{ epc: tool, label: 'tool', inside, antenna: 1 }];
  const field = createField({ random: seededRandom('m100'), antennas: 1, tags, physics: { readPercent: 100 } });
  const reader = createM100Reader({ clock, air: field });
  const said: M100Frame[] = [];
  let bytes: number[] = [];
  const parser = createM100Parser({
    direction: 'reply',
    onFrame: (frame) => said.push(frame),
    onDiscard: () => expect.unreachable(),
  });
  const listen = (chunk: Uint8Array): void => {
    bytes.push(...chunk);
    parser.push(chunk);
  };
  reader.powerOn(listen);
  await clock.advance(200);
  const ask = async (request: M100Request, forMs = 0): Promise<readonly M100Frame[]> => {
    said.length = 0;
    reader.receive(encodeRequest(request));
    await clock.advance(forMs);
    return [...said];
  };
  const exchange = (hex: string): string => {
    bytes = [];
    reader.receive(fromHex(hex));
    return toHex(Uint8Array.from(bytes)).toLowerCase();
  };
  return { clock, reader, said, ask, exchange, listen };
}

const vector = (id: string): string => m100Vectors.find((one) => one.id === id)?.hex ?? '';

describe('createM100Reader', () => {
  it.each([
    ['cmd-get-power', 'rsp-get-power'],
    ['cmd-get-query', 'rsp-get-query'],
    ['cmd-get-region', 'rsp-get-region'],
    ['cmd-set-region-4', 'rsp-set-region'],
    ['cmd-set-power-6', 'rsp-set-power'],
    ['cmd-set-query', 'rsp-set-query'],
    ['cmd-frequency-hopping', 'rsp-frequency-hopping'],
    ['cmd-stop-multi-inventory', 'rsp-stop-multi-inventory'],
  ])('answers %s as published', async (asked, answered) => {
    const { exchange } = await createBench();
    expect(exchange(vector(asked))).toBe(vector(answered));
  });

  it('reads as many rounds as it is told, or until it is stopped', async () => {
    const { ask } = await createBench();
    const three = await ask(multiInventoryRequest(3), 1000);
    expect(three.map((frame) => decodeReport(frame)?.kind)).toEqual(['tag', 'tag', 'tag']);
    await ask(multiInventoryRequest(0xffff), 200);
    const stopped = await ask(stopMultiInventoryRequest(), 1000);
    expect(stopped.map((frame) => frame.command)).toEqual([command.stopMultiInventory]);
  });

  it('says of every empty round that it was empty', async () => {
    const { ask } = await createBench(false);
    const frames = await ask(multiInventoryRequest(2), 100);
    expect(frames.map((frame) => decodeReport(frame)?.kind)).toEqual(['no-tag', 'no-tag']);
  });

  it('hears nothing without its antenna, and forgets its settings without power', async () => {
    const { clock, reader, said, ask, exchange, listen } = await createBench();
    reader.connectAntenna(1, false);
    expect((await ask(multiInventoryRequest(1), 100)).map((frame) => decodeReport(frame)?.kind)).toEqual(['no-tag']);
    await ask(setPowerRequest(1500));
    await ask(multiInventoryRequest(1000), 100);
    reader.powerOff();
    said.length = 0;
    reader.powerOn(listen);
    await clock.advance(500);
    expect(said).toEqual([]);
    expect(exchange(vector('cmd-get-power'))).toBe(vector('rsp-get-power'));
  });

  it('refuses what it does not know', async () => {
    const { ask, reader } = await createBench();
    const [unknown] = await ask({ command: 0x77, params: new Uint8Array(0) });
    expect(unknown).toMatchObject({ command: command.error, params: Uint8Array.of(errorCode.badCommand) });
    await ask({ command: command.multiInventory, params: Uint8Array.of(0x22) });
    await ask({ command: command.setRegion, params: Uint8Array.of(0x44) });
    expect(reader.counters.refusals).toBe(3);
  });
});
