import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, errorText } from '@tagtrail/shared/error.js';

/** Names that stay the same while the paths behind them change, as udev keeps them for real devices. */
export interface Links {
  /** Lets the link `name` lead to `target`; removes it when there is none. */
  point(name: string, target: string | undefined): void;
}

/**
 * Keeps symbolic links in `folder`, making it when it is missing.
 * @throws AppError `sim.links_refused` when the folder cannot be written.
 */
export function createLinks(folder: string): Links {
  guard(folder, () => mkdirSync(folder, { recursive: true }));
  return {
    point: (name, target) =>
      guard(folder, () => {
        const link = join(folder, name);
        if (target === undefined) {
          rmSync(link, { force: true });
          return;
        }
        // Renaming replaces the old link in one step, so that no program ever finds it missing.
        const fresh = `${link}.new`;
        rmSync(fresh, { force: true });
        symlinkSync(target, fresh);
        renameSync(fresh, link);
      }),
  };
}

function guard(folder: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new AppError('sim.links_refused', `The links cannot be kept in ${folder}: ${errorText(error)}`, {
      kind: 'operator',
      cause: error,
    });
  }
}
