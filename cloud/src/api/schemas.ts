import { pageQuery } from '@tagtrail/shared/api/common.js';
import { z } from 'zod';

/** The one id in the path. Its kind is checked where it is looked up: a wrong one is not found. */
export const idParams = z.strictObject({ id: z.string().max(80) });

export const noQuery = z.strictObject({});

/** A POST without content may leave the body out. */
export const noBody = z.strictObject({}).nullish();

export const listQuery = z.strictObject(pageQuery);
