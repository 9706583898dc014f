import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CabinetId, TenantId } from '../ids.js';
import { downTopic, parseTopic, upTopic } from './topics.js';

const tenant = 'tenant_01h455vb4pex5vsknk084sn02q' as TenantId;
const cabinet = 'cabinet_01h455vb4pex5vsknk084sn02q' as CabinetId;

describe('topics', () => {
  it('reads back what it builds', () => {
    expect(parseTopic(upTopic({ tenant, cabinet }, 'events'))).toEqual({
      tenant,
      cabinet,
      direction: 'up',
      name: 'events',
    });
    expect(parseTopic(downTopic({ tenant, cabinet }, 'committed'))).toEqual({
      tenant,
      cabinet,
      direction: 'down',
      name: 'committed',
    });
  });

  it.each([
    '#',
    '$SYS/broker',
    `tagtrail/v1/${tenant}/${cabinet}/up/committed`,
    `tagtrail/v1/${tenant}/${cabinet}/up/+`,
    `tagtrail/v1/${tenant}/${cabinet}/up/events/x`,
    `tagtrail/v2/${tenant}/${cabinet}/up/events`,
    `tagtrail/v1/+/${cabinet}/up/events`,
    `tagtrail/v1/${cabinet}/${tenant}/up/events`,
  ])('does not know %s', (topic) => expect(parseTopic(topic)).toBeUndefined());

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseTopic(text)));
  });
});
