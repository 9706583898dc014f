import type { AssetView } from '@tagtrail/shared/api/asset.js';
import type { Reference } from '@tagtrail/shared/api/common.js';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** A person by name; one whose name has expired stays a person without a name. */
export function PersonLink({ person }: { person: Reference | null }) {
  const { t } = useTranslation();
  if (person === null) return <span className="tt-soft">–</span>;
  const name = person.name ?? t('common.formerColleague');
  if (!person.id.startsWith('person_')) return <span>{name}</span>;
  return (
    <Link to="/people/$personId" params={{ personId: person.id }} onClick={(event) => event.stopPropagation()}>
      {name}
    </Link>
  );
}

/** Where a tool is; for one that is out, where it was last. */
export function WhereLink({ asset }: { asset: Pick<AssetView, 'cabinet' | 'state'> }) {
  const { t } = useTranslation();
  if (asset.cabinet === null || asset.state === 'available') return <CabinetLink cabinet={asset.cabinet} />;
  const [before, after] = t('asset.lastSeenIn', { name: '|' }).split('|');
  return (
    <span className="tt-soft">
      {before}
      <CabinetLink cabinet={asset.cabinet} />
      {after}
    </span>
  );
}

export function AssetLink({ asset }: { asset: Reference }) {
  return (
    <Link to="/assets/$assetId" params={{ assetId: asset.id }} onClick={(event) => event.stopPropagation()}>
      {asset.name ?? asset.id}
    </Link>
  );
}

export function CabinetLink({ cabinet }: { cabinet: Reference | null }) {
  if (cabinet === null) return <span className="tt-soft">–</span>;
  return (
    <Link to="/cabinets/$cabinetId" params={{ cabinetId: cabinet.id }} onClick={(event) => event.stopPropagation()}>
      {cabinet.name ?? cabinet.id}
    </Link>
  );
}
