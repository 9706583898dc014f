import type { CabinetState } from '@tagtrail/shared/simulator/control-protocol.js';

/** Where a tool lies: in the drawer of an antenna, on the bench, or in the pockets of a badge's owner. */
export type Place = `drawer-${number}` | 'bench' | `pocket-${string}`;

export type Tag = CabinetState['tags'][number];

/** Where tools outside were put; the cabinet only knows that they are outside. */
export type Outside = Readonly<Record<string, Place>>;

export function placeOf(tag: Tag, outside: Outside): Place {
  if (tag.inside) return `drawer-${tag.antenna}`;
  return outside[tag.epc] ?? 'bench';
}

export type Move =
  | { readonly kind: 'stay' }
  /** Nothing passes through a closed door. */
  | { readonly kind: 'door_closed' }
  /** `tag` is what the control is told; undefined when the tool stays outside. */
  | {
      readonly kind: 'move';
      readonly tag?: { readonly epc: string; readonly inside: boolean; readonly antenna?: number };
    };

/** What it takes to carry a tool to a place. */
export function planMove(tag: Tag, to: Place, around: { readonly outside: Outside; readonly doorOpen: boolean }): Move {
  if (placeOf(tag, around.outside) === to) return { kind: 'stay' };
  const antenna = antennaOf(to);
  if ((tag.inside || antenna !== undefined) && !around.doorOpen) return { kind: 'door_closed' };
  if (antenna !== undefined) return { kind: 'move', tag: { epc: tag.epc, inside: true, antenna } };
  return tag.inside ? { kind: 'move', tag: { epc: tag.epc, inside: false } } : { kind: 'move' };
}

/** The places outside after a move, without tools that are in the cabinet again. */
export function rememberOutside(outside: Outside, epc: string, to: Place): Outside {
  const { [epc]: _before, ...others } = outside;
  return antennaOf(to) === undefined ? { ...others, [epc]: to } : others;
}

function antennaOf(place: Place): number | undefined {
  const [, antenna] = /^drawer-(\d+)$/.exec(place) ?? [];
  return antenna === undefined ? undefined : Number(antenna);
}

/** A place as it stands in an attribute of the page. */
export function isPlace(text: string | null | undefined): text is Place {
  return text !== null && text !== undefined && /^(drawer-\d+|bench|pocket-.+)$/.test(text);
}
