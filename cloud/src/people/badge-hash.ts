import { createHmac } from 'node:crypto';
import { badgeHashText } from '@tagtrail/shared/rules/rulebook.js';

/** What is kept of a badge number: a keyed hash, so that a copy of the table names no badge. */
export function badgeHash(badgeKeyHex: string, number: string): string {
  return createHmac('sha256', Buffer.from(badgeKeyHex, 'hex')).update(badgeHashText(number)).digest('hex');
}
