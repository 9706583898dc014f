#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { errorText } from '@tagtrail/shared/error.js';
import { type NoteKey, parseNoteKey } from '@tagtrail/shared/proof/signed-note.js';
import { type TrustedCheckpoint, trustedCheckpoint } from '@tagtrail/shared/proof/verify-checkpoints.js';
import { Command, InvalidArgumentError } from 'commander';
import { nodeHashing } from '../store/hashing.js';
import { reportText } from './report-text.js';
import { verifyFile } from './verify-file.js';

/** 0 the export holds, 1 it does not, 2 it could not be looked at. */
const exitCodes = { holds: 0, broken: 1, unusable: 2 } as const;

interface Options {
  readonly checkpoint: readonly TrustedCheckpoint[];
  readonly key: readonly NoteKey[];
  readonly json?: boolean;
}

/** A value or the file that holds it, so that keys can be pasted and kept alike. */
function textOf(given: string): string {
  return existsSync(given) ? readFileSync(given, 'utf8') : given;
}

function addKey(given: string, keys: readonly NoteKey[]): readonly NoteKey[] {
  const key = parseNoteKey(nodeHashing, textOf(given).trim());
  if (key === undefined) throw new InvalidArgumentError('not a key (name+id+base64), nor a file with one');
  return [...keys, key];
}

function addCheckpoint(given: string, kept: readonly TrustedCheckpoint[]): readonly TrustedCheckpoint[] {
  const checkpoint = trustedCheckpoint(textOf(given));
  if (checkpoint === undefined) throw new InvalidArgumentError('not a file with a signed checkpoint');
  return [...kept, checkpoint];
}

async function verify(file: string, { checkpoint, key, json }: Options): Promise<void> {
  const isShown = json !== true && process.stderr.isTTY;
  const report = await verifyFile(file, {
    trusted: { keys: key, checkpoints: checkpoint },
    onProgress: (share) => {
      if (isShown) process.stderr.write(`\r${Math.floor(share * 100)} %`);
    },
  });
  if (isShown) process.stderr.write('\r     \r');
  process.stdout.write(json === true ? `${JSON.stringify(report)}\n` : reportText(report));
  process.exitCode = report.ok ? exitCodes.holds : exitCodes.broken;
}

await new Command('npm run verify --')
  .description('Checks an export of the trail without a server: every line, root, signature, chain and custody.')
  .argument('<file>', 'what GET /v1/trail/export answered')
  .option(
    '--checkpoint <file>',
    'a checkpoint that was kept, or that a cabinet keeps; may be repeated',
    addCheckpoint,
    [],
  )
  .option('--key <key>', 'a key of the log or of a witness, or a file with it; may be repeated', addKey, [])
  .option('--json', 'print one JSON object')
  .addHelpText('after', '\nExit code: 0 the export holds, 1 it does not, 2 it could not be read.')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? exitCodes.holds : exitCodes.unusable);
  })
  .action(verify)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = exitCodes.unusable;
  });
