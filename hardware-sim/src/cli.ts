import { errorText } from '@tagtrail/shared/error.js';
import { Command } from 'commander';
import { consensusCommand } from './commands/consensus.js';
import { fleetCommand } from './commands/fleet.js';
import { flipsCommand } from './commands/flips.js';
import { replayCommand } from './commands/replay.js';
import { runCommand } from './commands/run.js';
import { serveCommand } from './commands/serve.js';
import { settleCommand } from './commands/settle.js';
import { shiftCommand } from './commands/shift.js';
import { swarmCommand } from './commands/swarm.js';

// Each command is a file in commands/ and one line here.
const program = new Command('npm run sim --')
  .description('Virtual cabinets that speak the bytes of real ones.')
  .addCommand(runCommand)
  .addCommand(serveCommand)
  .addCommand(shiftCommand)
  .addCommand(swarmCommand)
  .addCommand(replayCommand)
  .addCommand(flipsCommand)
  .addCommand(fleetCommand)
  .addCommand(consensusCommand)
  .addCommand(settleCommand);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(1);
});
