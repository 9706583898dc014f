import { exceptionReply } from '@tagtrail/shared/protocol/modbus/modbus-commands.js';
import { modbusException, modbusFunction } from '@tagtrail/shared/protocol/modbus/modbus-constants.js';
import { z } from 'zod';
import { answer, pass } from '../devices/behaviour.js';
import { defineBehaviour } from './fault.js';

const writes: readonly number[] = [modbusFunction.writeCoil, modbusFunction.writeCoils, modbusFunction.writeRegister];

export const boardRefuses = defineBehaviour({
  name: 'board-refuses',
  also: ['refuse'],
  sentence: 'The lock board answers every command to switch a relay with "device failure"; contacts can still be read.',
  devices: ['lock'],
  options: z.strictObject({}),
  behave: () => ({
    request: (request) =>
      writes.includes(request.function) ? answer(exceptionReply(request, modbusException.deviceFailure)) : pass,
  }),
});
