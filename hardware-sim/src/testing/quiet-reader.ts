import type { BuildReader } from '../serve/cabinet-reader.js';

/** A reader that never says anything, for tests that are about something else. */
export const quietReader: BuildReader = () => ({
  baud: () => 115_200,
  powerOn() {},
  powerOff() {},
  receive() {},
  counters: () => ({}),
  connectAntenna() {},
  close() {},
});
