import type { SerialDevice } from '../devices/device.js';

export const quietReader = (): SerialDevice => ({ baud: () => 115_200, powerOn() {}, powerOff() {}, receive() {} });
