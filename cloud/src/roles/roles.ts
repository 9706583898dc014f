import { SettingsError } from '@tagtrail/shared/config/settings.js';

/** What a process of the cloud does, in the order of the path of the data. */
export const roles = ['ingest', 'api', 'live', 'jobs'] as const;
export type Role = (typeof roles)[number];
export type Roles = ReadonlySet<Role>;

export const allRoles: Roles = new Set(roles);

/** True when one process does everything: nothing of it has to be told to another one. */
export function isWhole(chosen: Roles): boolean {
  return roles.every((role) => chosen.has(role));
}

/**
 * The roles in the text of `--role`: names with commas between them, or `all`.
 * @throws SettingsError naming every word that is no role.
 */
export function parseRoles(text: string): Roles {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const wrong = words.filter((word) => word !== 'all' && !isRole(word));
  const problems = wrong.map((word) => ({
    setting: '--role',
    problem: `there is no role "${word.slice(0, 40)}"; there is all, ${roles.join(', ')}`,
  }));
  if (words.length === 0) problems.push({ setting: '--role', problem: `is empty; give all, ${roles.join(', ')}` });
  if (problems.length > 0) throw new SettingsError('The command line', problems);
  return words.includes('all') ? allRoles : new Set(words.filter(isRole));
}

function isRole(word: string): word is Role {
  return (roles as readonly string[]).includes(word);
}
