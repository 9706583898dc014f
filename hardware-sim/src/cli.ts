import { errorText } from '@tagtrail/shared/error.js';
import { Command } from 'commander';
import { serveCommand } from './commands/serve.js';
import { shiftCommand } from './commands/shift.js';

// Each command is a file in commands/ and one line here.
const program = new Command('npm run sim --')
  .description('Virtual cabinets that speak the bytes of real ones.')
  .addCommand(serveCommand)
  .addCommand(shiftCommand);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(1);
});
