import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { chafonVectors } from '@tagtrail/shared/protocol/chafon/chafon.vectors.js';
import {
  decodeInventory288Reply,
  decodeReaderInfoReply,
  inventory288Request,
  readerInfoRequest,
  setAntennaCheckRequest,
  setBaudRequest,
} from '@tagtrail/shared/protocol/chafon/chafon-commands.js';
import { command, status } from '@tagtrail/shared/protocol/chafon/chafon-constants.js';
import { type ChafonReply, type ChafonRequest, encodeRequest } from '@tagtrail/shared/protocol/chafon/chafon-frame.js';
import { createChafonReplyParser } from '@tagtrail/shared/protocol/chafon/chafon-parser.js';
import { seededRandom } from '@tagtrail/shared/random/seeded-random.js';
import { VirtualClock } from '@tagtrail/shared/testing/virtual-clock.js';
import { describe, expect, it } from 'vitest';
import { createField } from '../../field/field.js';
import { createChafonReader } from './chafon-reader.js';

const tags = Array.from({ length: 8 }, (_, i) => ({
  epc: `00000000000000000000030${i}`,
  label: `tool ${i}`,
  inside: true,
  antenna: 1,
}));

async function createBench() {
  const clock = new VirtualClock();
  const field = createField({ random: seededRandom('chafon'), antennas: 4, tags, physics: { readPercent: 100 } });
  const reader = createChafonReader({ clock, air: field, antennas: 4 });
  const said: ChafonReply[] = [];
  const parser = createChafonReplyParser({
    onFrame: (reply) => said.push(reply),
    onDiscard: () => expect.unreachable(),
  });
  reader.powerOn((bytes) => parser.push(bytes));
  await clock.advance(200);
  const ask = async (request: ChafonRequest, forMs = 500): Promise<readonly ChafonReply[]> => {
    said.length = 0;
    reader.receive(encodeRequest({ address: 0xff, ...request }));
    await clock.advance(forMs);
    return [...said];
  };
  return { clock, reader, said, ask };
}

const search = (antenna: number, scanTime = 3) =>
  inventory288Request({ q: 4, session: 0, target: 0, antenna, scanTime });

describe('createChafonReader', () => {
  it('answers every published command with its own code', async () => {
    const { clock, reader, said } = await createBench();
    const requests = chafonVectors.filter(({ direction, standing }) => direction === 'request' && standing === 'good');
    for (const { hex } of requests) {
      said.length = 0;
      reader.receive(fromHex(hex));
      await clock.advance(3000);
      expect(said.at(-1)?.command).toBe(fromHex(hex)[2]);
    }
  });

  it('finds the tags of one antenna, some in each frame, and says when it is done', async () => {
    const { ask } = await createBench();
    const replies = await ask(search(1));
    expect(replies.map((reply) => reply.status)).toEqual([status.moreFrames, status.moreFrames, status.finished]);
    const found = replies.flatMap((reply) => decodeInventory288Reply(reply.data)?.tags ?? []);
    expect(found.map(({ epc }) => epc)).toEqual(tags.map(({ epc }) => epc));
    expect(found.every(({ rssiRaw }) => rssiRaw !== null && rssiRaw > 70 && rssiRaw < 90)).toBe(true);
    const [none] = await ask(search(4));
    expect(toHex(none?.data ?? new Uint8Array(0))).toBe('0800');
  });

  it('hears nothing while it searches, and keeps its settings without power', async () => {
    const { clock, reader, ask } = await createBench();
    reader.receive(encodeRequest({ address: 0, ...search(1) }));
    expect((await ask(readerInfoRequest())).map((reply) => reply.command)).not.toContain(command.readerInfo);
    expect(reader.counters.ignored).toBe(1);
    await ask(setAntennaCheckRequest(true));
    reader.powerOff();
    await clock.advance(100);
    reader.powerOn(() => {});
    await clock.advance(200);
    reader.connectAntenna(2, false);
    const fresh: ChafonReply[] = [];
    const parser = createChafonReplyParser({ onFrame: (reply) => fresh.push(reply), onDiscard: () => {} });
    reader.powerOff();
    reader.powerOn((bytes) => parser.push(bytes));
    await clock.advance(200);
    reader.receive(encodeRequest({ address: 0, ...readerInfoRequest() }));
    reader.receive(encodeRequest({ address: 0, ...search(2) }));
    await clock.advance(100);
    expect(decodeReaderInfoReply(fresh[0]?.data ?? new Uint8Array(0))?.checksAntennas).toBe(true);
    expect(fresh[1]?.status).toBe(status.antenna);
  });

  it('refuses what it does not know, and changes its speed after the answer', async () => {
    const { reader, ask } = await createBench();
    expect((await ask({ command: 0x99, data: new Uint8Array(0) }))[0]?.status).toBe(status.illegalCommand);
    expect((await ask(search(5)))[0]?.status).toBe(status.invalidParameter);
    expect((await ask({ command: command.setPower, data: Uint8Array.of(31) }))[0]?.status).toBe(
      status.invalidParameter,
    );
    const toFast = setBaudRequest(115_200);
    if (toFast !== null) expect((await ask(toFast))[0]?.status).toBe(status.ok);
    expect(reader.baud()).toBe(115_200);
    expect(reader.counters.refusals).toBe(3);
  });
});
