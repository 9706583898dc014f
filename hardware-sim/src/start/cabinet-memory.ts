import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '@tagtrail/shared/error.js';
import { type Clock, repeat } from '@tagtrail/shared/time/clock.js';

/** What is inside a real cabinet is still there after a restart; a simulated one has to be told. */
export function readCabinetFile(data: string, key: string): string | undefined {
  const file = join(data, 'sim', `${key}.json`);
  return existsSync(file) ? file : undefined;
}

interface TagPlace {
  readonly epc: string;
  readonly label?: string;
  readonly inside: boolean;
  readonly antenna?: number;
}

/** Writes where each simulated tag is back into the cabinet files, every few seconds and at the end. */
export function keepCabinetFile(
  data: string,
  cabinets: readonly { readonly key: string; readonly control: string }[],
  deps: { readonly clock: Clock; readonly say: (line: string) => void },
): { saveAndStop(): Promise<void> } {
  const saveAll = async (): Promise<void> => {
    await Promise.all(cabinets.map((cabinet) => save(join(data, 'sim', `${cabinet.key}.json`), cabinet.control)));
  };
  const timer = repeat(deps.clock, 'save cabinets', 3_000, () => saveAll().catch(() => {}));
  return {
    saveAndStop: async () => {
      timer.cancel();
      await saveAll().catch((error) => deps.say(`the simulated cabinets could not be saved: ${errorText(error)}`));
    },
  };
}

async function save(file: string, control: string): Promise<void> {
  const answer = await fetch(`${control}/state`);
  const { tags } = (await answer.json()) as { tags: TagPlace[] };
  const before = JSON.parse(readFileSync(file, 'utf8')) as { tags: TagPlace[] };
  const after = {
    ...before,
    tags: tags.map(({ epc, label, inside, antenna }) => ({
      epc,
      ...(label === undefined ? {} : { label }),
      inside,
      ...(antenna === undefined ? {} : { antenna }),
    })),
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(after, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
