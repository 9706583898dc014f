import type { CommandMessage } from '@tagtrail/shared/mqtt/messages.js';

export type CommandVerdict = 'accepted' | 'expired' | 'repeated';

/** Whether a command of the cloud may still be carried out; `lastCounter` is that of the last one that was. */
export function judgeCommand(lastCounter: number, command: CommandMessage, wallMs: number): CommandVerdict {
  if (command.counter <= lastCounter) return 'repeated';
  return Date.parse(command.expiresAt) <= wallMs ? 'expired' : 'accepted';
}
