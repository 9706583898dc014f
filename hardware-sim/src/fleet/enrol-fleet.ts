import { assetView } from '@tagtrail/shared/api/asset.js';
import { cabinetView } from '@tagtrail/shared/api/cabinet.js';
import { personPage } from '@tagtrail/shared/api/person.js';
import { AppError } from '@tagtrail/shared/error.js';
import { type AssetId, isId, type PersonId } from '@tagtrail/shared/ids.js';
import { type Random, randomBytes } from '@tagtrail/shared/random/random.js';
import { type CabinetCredentials, cabinetCredentials } from '@tagtrail/shared/sample/sample-customer.js';
import { z } from 'zod';
import type { CloudApi } from './cloud-api.js';
import type { Tool } from './visit-events.js';

export interface EnrolledCabinet {
  readonly credentials: CabinetCredentials;
  readonly tool: Tool;
}

export interface Enrolment {
  readonly cabinets: readonly EnrolledCabinet[];
  readonly people: readonly PersonId[];
}

const atOnce = 8;
const createdCabinet = z.object({ cabinet: cabinetView.loose(), credentials: cabinetCredentials });
const sites = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Adds cabinets with a tool each, as an administrator would: through REST. Finds who may badge. */
export async function enrolFleet(
  api: CloudApi,
  { count, random, onAdded }: { count: number; random: Random; onAdded: (done: number) => void },
): Promise<Enrolment> {
  const [site] = (await api.get('/v1/sites', sites)).data;
  const people = (await api.get('/v1/people?limit=100', personPage)).data.map(({ id }) => id).filter(isPerson);
  if (site === undefined || people.length === 0) {
    throw new AppError('fleet.no_customer', 'The customer needs a site and people before a fleet can be played.', {
      kind: 'operator',
    });
  }
  const run = Buffer.from(randomBytes(random, 3)).toString('hex');
  const cabinets: EnrolledCabinet[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const number = ++next;
      const name = `Fleet ${run}-${String(number).padStart(4, '0')}`;
      const { credentials } = await api.post('/v1/cabinets', { name, site_id: site.id }, createdCabinet);
      const epc = `E280F1EE${run}${Buffer.from(randomBytes(random.fork(name), 5)).toString('hex')}`.toUpperCase();
      const tool = { name: `Wrench of ${name}`, epc, home_cabinet_id: credentials.cabinet };
      const { id } = await api.post('/v1/assets', tool, assetView.loose());
      cabinets.push({ credentials, tool: { id: id as AssetId, epc, name: tool.name } });
      onAdded(cabinets.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { cabinets, people };
}

function isPerson(id: string): id is PersonId {
  return isId('person', id);
}
