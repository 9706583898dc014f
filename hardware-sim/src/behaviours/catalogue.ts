import { antennaLost } from './antenna-lost.js';
import { boardRefuses } from './board-refuses.js';
import { corruptBytes } from './corrupt-bytes.js';
import { droppedBytes } from './dropped-bytes.js';
import type { Fault } from './fault.js';
import { lockJammed } from './lock-jammed.js';
import { missedReads } from './missed-reads.js';
import { neighbour } from './neighbour.js';
import { noise } from './noise.js';
import { readerRestart } from './reader-restart.js';
import { silent } from './silent.js';
import { slow } from './slow.js';
import { strayReads } from './stray-reads.js';
import { stuckDoorContact } from './stuck-door-contact.js';
import { unplug } from './unplug.js';

/** Everything that can go wrong, in the order in which a person is told about it. */
export const faults: readonly Fault[] = [
  unplug,
  corruptBytes,
  noise,
  droppedBytes,
  slow,
  silent,
  readerRestart,
  missedReads,
  strayReads,
  neighbour,
  antennaLost,
  stuckDoorContact,
  lockJammed,
  boardRefuses,
];

/** A fault by its name, or by one of the other names that people use. */
export function findFault(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name || fault.also.includes(name));
}
