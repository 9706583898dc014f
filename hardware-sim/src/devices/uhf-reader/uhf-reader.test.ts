import { fromHex, toHex } from '@tagtrail/shared/bytes/hex.js';
import { opcode, probeBauds, readerParam, region } from '@tagtrail/shared/protocol/mercury/mercury-constants.js';
import {
  bootApplicationRequest,
  bootBootloaderRequest,
  currentProgramRequest,
  decodeVersionReply,
  setBaudRequest,
  temperatureRequest,
  versionRequest,
} from '@tagtrail/shared/protocol/mercury/mercury-module-commands.js';
import { getReaderParamRequest } from '@tagtrail/shared/protocol/mercury/mercury-param-commands.js';
import { setPowerRequest, setRegionRequest } from '@tagtrail/shared/protocol/mercury/mercury-radio-commands.js';
import { readTagRequest } from '@tagtrail/shared/protocol/mercury/mercury-search-commands.js';
import { status } from '@tagtrail/shared/protocol/mercury/mercury-status.js';
import { describe, expect, it } from 'vitest';
import { m6eModel } from './reader-model.js';
import { at, bench, kinds, pliers, reading, wrench } from './testing/uhf-reader-bench.js';

describe('createUhfReader', () => {
  it('starts up as the library of the maker does it', async () => {
    const { clock, reader, said, ask, one } = bench({ ...m6eModel, startsIn: 'bootloader' });
    for (const baud of probeBauds.slice(0, 2)) reader.receive(new Uint8Array(baud / 50).fill(0xff));
    const version = await one(versionRequest());
    expect(decodeVersionReply(version.data)).toEqual(m6eModel.version);
    expect((await one(currentProgramRequest())).data).toEqual(Uint8Array.of(0x11));
    expect((await one(setRegionRequest(region.eu3))).status).toBe(status.invalidOpcode);
    expect((await one(bootApplicationRequest())).op).toBe(opcode.bootApplication);
    expect((await one(currentProgramRequest())).data).toEqual(Uint8Array.of(0x12));
    const conversation: readonly (readonly [string, string])[] = [
      ['10 00 00', '0000'],
      ['70', '0000 0005'],
      ['71', `0000 ${toHex(Uint8Array.from(m6eModel.regions))}`],
      ['67', '0000 00'],
      ['97 08', '0000'],
      ['67', '0000 08'],
      ['63', '0000 0000'],
      ['93 0005', '0000'],
      ['63', '0000 0005'],
      ['61 05', '0000 05 0101 0201 0301 0401'],
      ['91 02 0101 0202 0303 0404', '0000'],
      ['61 02', '0000 02 0101 0202 0303 0404'],
      ['62 01', '0000 01 0C4E 0C4E 01F4'],
      ['92 0A8C', '0000'],
      ['62 00', '0000 00 0A8C'],
      ['94 0BB8', '0000'],
      ['64 00', '0000 00 0BB8'],
      ['65', '0000 000D35A4 000D37FC 000D3A54 000D3CAC'],
      ['66 01', '0000 01 010100 020100 030100 040100'],
      ['96 01 01', '0000'],
      ['66 01', '0000 01 010101 020100 030100 040100'],
      ['68', '0000 00'],
      ['98 03', '0000'],
      ['68', '0000 03'],
      ['9B 05 00 01', '0000'],
      ['6B 05 00', '0000 05 00 01'],
      ['9B 05 12 01 04', '0000'],
      ['6B 05 12', '0000 05 12 01 04'],
      ['9A 01 0C 00', '0000'],
      ['6A 01 0C', '0000 01 0C 00'],
      ['91 04 01 0A8C 0BB8 0000', '0000'],
      ['61 03', '0000 03 01 0A8C 02 8000 03 8000 04 8000'],
      ['91 07 01 007D 02 007D', '0000'],
      ['61 07', '0000 07 01 007D 02 007D'],
      ['72', '0000 22'],
      ['2A', '0000'],
    ];
    for (const [sent, answer] of conversation) {
      const [op = 0, ...data] = fromHex(sent);
      const reply = await one({ op, data: Uint8Array.from(data) });
      expect(reply.op).toBe(op);
      const [code, ...rest] = answer.split(' ');
      expect(`${sent} -> ${reply.status.toString(16).padStart(4, '0')}`).toBe(`${sent} -> ${code}`);
      if (sent !== '10 00 00') expect(`${sent} -> ${toHex(reply.data)}`).toBe(`${sent} -> ${rest.join('')}`);
    }
    expect(await ask(setBaudRequest(921_600))).toMatchObject([{ op: opcode.setBaud, status: 0 }]);
    expect(reader.state.baud).toBe(921_600);
    said.length = 0;
    await clock.advance(5000);
    expect(said).toEqual([]);
  });

  it.each([
    ['an opcode that it does not know', '55', status.invalidOpcode],
    ['data behind a command without any', '03 00', status.wrongLength],
    ['a region of no country here', '97 0C', status.invalidRegion],
    ['a region of two bytes', '97 08 08', status.wrongLength],
    ['too much power', '92 7530', status.powerTooHigh],
    ['too little power', '92 0001', status.powerTooLow],
    ['a port that it does not have', '91 02 0505', status.invalidParameter],
    ['an option of antennas that it does not have', '61 09', status.invalidParameter],
    ['too much power on one port', '91 03 01 7530', status.powerTooHigh],
    ['another tag protocol', '93 0003', status.invalidProtocol],
    ['a parameter that it does not have', '6A 01 77', status.invalidParameter],
    ['a baud rate that it does not have', '06 00000007', status.invalidBaud],
    ['a search before a region is set', '22 00 0003 00FA', status.transmitterNotSetUp],
    [
      'continuous reading before a region is set',
      '2F 0000 01 22 0000 05 07 22 10 001B 03E8 01FF',
      status.transmitterNotSetUp,
    ],
    ['continuous reading cut short', '2F 0000 01 22', status.wrongLength],
    ['a pin that it does not have', '96 09', status.invalidParameter],
    ['an empty tag buffer', '29 01FF 00', status.notEnoughTagsInBuffer],
  ])('refuses %s', async (_what, sent, code) => {
    const { one } = bench();
    const [op = 0, ...data] = fromHex(sent);
    expect(await one({ op, data: Uint8Array.from(data) })).toMatchObject({ op, status: code });
  });

  it('wants a protocol too', async () => {
    const { one } = bench();
    await one(setRegionRequest(region.eu3));
    expect((await one(readTagRequest(100))).status).toBe(status.noProtocol);
  });

  it('forgets everything in a restart and announces itself', async () => {
    const { ask, clock, heard, one, reader, said, setUp } = bench();
    await setUp();
    heard.set(1, [at(wrench)]);
    await ask(reading, 500);
    said.length = 0;
    reader.restart();
    await clock.advance(149);
    expect(said).toEqual([]);
    await clock.advance(2000);
    expect(said).toMatchObject([{ op: opcode.bootApplication, status: 0 }]);
    expect((await one({ op: opcode.getRegion, data: new Uint8Array(0) })).data).toEqual(Uint8Array.of(0));
    expect((await one(getReaderParamRequest(readerParam.readFilter))).data).toEqual(Uint8Array.of(1, 0x0c, 1));
    expect((await ask(reading))[0]?.status).toBe(status.transmitterNotSetUp);
  });

  it('stays in its boot loader when told', async () => {
    const { one } = bench();
    expect((await one(bootBootloaderRequest())).status).toBe(status.ok);
    expect((await one(temperatureRequest())).status).toBe(status.invalidOpcode);
    expect((await one(versionRequest())).status).toBe(status.ok);
  });

  it('lets behaviours answer, swallow and alter, newest first', async () => {
    const { ask, heard, one, reader, said, setUp } = bench();
    await setUp([1]);
    const hot = reader.addBehaviour({
      name: 'too hot',
      onRequest: (frame, handle) => {
        if (frame.op !== opcode.continuous) return 'pass';
        handle.reply(frame.op, status.tooHot, new Uint8Array(0));
        return 'answered';
      },
    });
    expect((await one(reading)).status).toBe(status.tooHot);
    const mute = reader.addBehaviour({ name: 'mute', onRequest: () => 'swallow' });
    expect(await ask(versionRequest())).toEqual([]);
    mute();
    hot();
    heard.set(1, [at(wrench), at(pliers)]);
    reader.addBehaviour({ name: 'misses pliers', onRound: (reads) => reads.filter(({ epc }) => epc !== pliers) });
    await ask(reading, 50);
    expect(kinds(said)).toEqual(['started', 'tag 2E port 1']);
    reader.addBehaviour({ name: 'cable cut', onSend: () => null });
    expect(await ask(versionRequest())).toEqual([]);
  });

  it('answers after garbage', async () => {
    const { clock, one, reader } = bench();
    reader.receive(fromHex('00 FF 10 03 41 42 43 FF FF'));
    await clock.advance(200);
    expect((await one(versionRequest())).status).toBe(status.ok);
    expect(reader.counters.discardedBytes).toBe(9);
  });

  it('keeps the power that it has when it refuses another', async () => {
    const { one } = bench();
    await one(setPowerRequest('read', 2700));
    expect((await one(setPowerRequest('read', 9000))).status).toBe(status.powerTooHigh);
    expect((await one({ op: opcode.getReadPower, data: Uint8Array.of(0) })).data).toEqual(Uint8Array.of(0, 0x0a, 0x8c));
  });
});
