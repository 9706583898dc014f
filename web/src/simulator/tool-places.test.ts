import { describe, expect, it } from 'vitest';
import { placeOf, planMove, rememberOutside, type Tag } from './tool-places.js';

const wrench: Tag = { epc: 'E2', label: 'Torque wrench', inside: true, antenna: 2, shadowed: false };
const out: Tag = { ...wrench, inside: false };

describe('the places of tools', () => {
  it('shows a tool in the drawer of its antenna, or where it was put outside', () => {
    expect(placeOf(wrench, { E2: 'pocket-1F' })).toBe('drawer-2');
    expect(placeOf(out, { E2: 'pocket-1F' })).toBe('pocket-1F');
    expect(placeOf(out, {})).toBe('bench');
  });

  it('lets nothing through a closed door, in neither direction and not between drawers', () => {
    const shut = { outside: {}, doorOpen: false };
    expect(planMove(wrench, 'bench', shut)).toEqual({ kind: 'door_closed' });
    expect(planMove(wrench, 'drawer-3', shut)).toEqual({ kind: 'door_closed' });
    expect(planMove(out, 'drawer-2', shut)).toEqual({ kind: 'door_closed' });
    expect(planMove(out, 'pocket-1F', shut)).toEqual({ kind: 'move' });
    expect(planMove(wrench, 'drawer-2', shut)).toEqual({ kind: 'stay' });
  });

  it('tells the cabinet what left and what came, and to which antenna', () => {
    const open = { outside: {}, doorOpen: true };
    expect(planMove(wrench, 'pocket-1F', open)).toEqual({ kind: 'move', tag: { epc: 'E2', inside: false } });
    expect(planMove(out, 'drawer-4', open)).toEqual({ kind: 'move', tag: { epc: 'E2', inside: true, antenna: 4 } });
  });

  it('forgets the place outside of a tool that is back', () => {
    expect(rememberOutside({ E2: 'bench' }, 'E2', 'drawer-1')).toEqual({});
    expect(rememberOutside({ E3: 'bench' }, 'E2', 'pocket-1F')).toEqual({ E3: 'bench', E2: 'pocket-1F' });
  });
});
