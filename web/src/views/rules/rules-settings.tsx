import { useMay } from '../../app/may.js';
import { GrantsSection } from './grants-section.js';
import { ItemRulesSection } from './item-rules-section.js';

/** What the cabinets ask of whoever takes something, beyond what stands on a tool or a person. */
export function RulesSettings() {
  const mayGrant = useMay('manager');
  const mayRule = useMay('admin');
  return (
    <>
      <ItemRulesSection mayChange={mayRule} />
      <GrantsSection mayChange={mayGrant} />
    </>
  );
}
