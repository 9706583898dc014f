import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cabinetView, openStage, type Stage, trail, until } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 180_000);
afterAll(() => stage?.close(), 60_000);

describe('a command of the cloud', () => {
  it('unlocks the cabinet for a session that nobody signed', async () => {
    const [cabinet] = stage.system.cabinets;
    if (cabinet === undefined) throw new Error('no cabinet');
    const { id } = await cabinetView(stage, cabinet);
    const answer = await fetch(`${stage.system.url}/v1/cabinets/${id}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: stage.cookie, origin: stage.system.url },
      body: JSON.stringify({ kind: 'unlock', note: 'the badge reader is broken' }),
    });
    expect(answer.status).toBe(202);
    const command = ((await answer.json()) as { id: string }).id;
    const done = await until('the unlock is on the trail', async () => {
      const entries = (await trail(stage)).filter((entry) => entry.cabinet?.id === id);
      return entries.some(({ kind }) => kind === 'door.unlocked') ? entries : undefined;
    });
    const kinds = ['cabinet.command_sent', 'command.carried_out', 'session.opened', 'door.unlocked'];
    expect(done.filter(({ kind }) => kinds.includes(kind)).map(({ kind }) => kind)).toEqual(kinds);
    expect(done.find(({ kind }) => kind === 'session.opened')?.data).toMatchObject({ signed: false, command });
    expect(done.find(({ kind }) => kind === 'cabinet.command_sent')?.data).toMatchObject({ command: 'unlock' });
  }, 90_000);
});
