import { describe, expect, it } from 'vitest';
import { filledOptions, optionFields } from './fault-options.js';

const schema = {
  type: 'object',
  properties: {
    percent: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    cutPower: { type: 'boolean', default: false },
    how: { type: 'string', enum: ['open', 'closed'] },
    epcs: { type: 'array', items: { type: 'string' } },
  },
  required: ['how'],
};

describe('the options of a fault', () => {
  it('become fields with their limits and their usual values', () => {
    expect(optionFields(schema)).toEqual([
      { name: 'percent', kind: 'number', required: false, least: 1, most: 100, usual: 10 },
      { name: 'cutPower', kind: 'flag', required: false, usual: false },
      { name: 'how', kind: 'choice', required: true, choices: ['open', 'closed'] },
      { name: 'epcs', kind: 'json', required: false },
    ]);
    expect(optionFields(undefined)).toEqual([]);
  });

  it('are sent as they were filled in, and not at all when they are not JSON', () => {
    const fields = optionFields(schema);
    expect(filledOptions(fields, { percent: 5, how: 'open', epcs: '["E2"]', cutPower: '' })).toEqual({
      percent: 5,
      how: 'open',
      epcs: ['E2'],
    });
    expect(filledOptions(fields, { epcs: '[' })).toBeUndefined();
  });
});
