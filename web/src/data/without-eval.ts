import { z } from 'zod';

// The content policy forbids code made from text, which the schema library would otherwise try.
// Imported before everything else, because schemas are built while modules load.
z.config({ jitless: true });
