import type { TraceDraft } from '@tagtrail/shared/events/trace-event.js';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { RulebookItem } from '@tagtrail/shared/rules/rulebook.js';
import type { Movement } from '../inventory/difference.js';
import type { InventorySnapshot } from '../inventory/presence.js';
import type { Surroundings } from './session-state.js';

export interface KitGap {
  readonly kit: RulebookItem;
  readonly state: 'came_back_incomplete' | 'left_incomplete';
  readonly children: readonly RulebookItem[];
}

/**
 * With a kit go its children. A child that the count is unsure of follows a kit that surely left:
 * silence beside an empty place is no miss. A child that is read inside stays inside.
 */
export function withChildren(
  movements: readonly Movement[],
  snapshot: InventorySnapshot,
  around: Surroundings,
): readonly Movement[] {
  const surelyOut = new Map<string, Movement>();
  for (const movement of movements) {
    if (movement.movement !== 'taken' || movement.disputed) continue;
    for (const child of childrenOf(movement.epc, around)) surelyOut.set(child.epc, movement);
  }
  if (surelyOut.size === 0) return movements;
  return movements.map((movement) => {
    const kit = surelyOut.get(movement.epc);
    const follows = kit !== undefined && movement.movement === 'taken' && movement.disputed;
    if (!follows || snapshot.doubtful.has(movement.epc)) return movement;
    return { ...movement, disputed: false, confidencePct: Math.max(movement.confidencePct, kit.confidencePct) };
  });
}

/** Kits that left without all their children, or came back without them. */
export function kitGaps(
  lines: readonly Pick<KioskLine, 'epc' | 'movement'>[],
  snapshot: InventorySnapshot,
  around: Surroundings,
): readonly KitGap[] {
  const gaps: KitGap[] = [];
  for (const { epc, movement } of lines) {
    const kit = around.rules.itemOf(epc);
    const children = childrenOf(epc, around);
    if (kit === undefined || children.length === 0) continue;
    const isInside = (child: RulebookItem): boolean => snapshot.present.has(child.epc);
    const gap =
      movement === 'taken'
        ? { state: 'left_incomplete' as const, children: children.filter(isInside) }
        : { state: 'came_back_incomplete' as const, children: children.filter((child) => !isInside(child)) };
    if (gap.children.length > 0) gaps.push({ kit, ...gap });
  }
  return gaps;
}

export function kitDraft(gap: KitGap, envelope: object): TraceDraft {
  return {
    kind: 'kit.incomplete',
    ...envelope,
    asset: gap.kit.asset,
    data: {
      epc: gap.kit.epc,
      name: gap.kit.name,
      state: gap.state,
      children: gap.children.map(({ epc, name }) => ({ epc, name })),
    },
  };
}

function childrenOf(epc: string, around: Surroundings): readonly RulebookItem[] {
  const kit = around.rules.itemOf(epc);
  return kit === undefined ? [] : around.rules.childrenOf(kit.asset);
}
