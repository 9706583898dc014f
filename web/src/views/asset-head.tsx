import type { AssetView } from '@tagtrail/shared/api/asset.js';
import { useTranslation } from 'react-i18next';
import { useNow } from '../app/services.js';
import { dayText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import type { Fact } from '../ui/detail.js';
import { EpcCode } from '../ui/epc-code.js';
import { AssetLink, CabinetLink, PersonLink, WhereLink } from '../ui/references.js';
import { When } from '../ui/when.js';

/** Who has it, where it is, since when: the same facts in the panel and on the page. */
export function useAssetFacts(asset: AssetView): Fact[] {
  const { t, i18n } = useTranslation();
  const nowMs = useNow();
  const due = asset.calibration_due_at;
  const calibration =
    due === null
      ? t('asset.calibrationNone')
      : t(Date.parse(due) <= nowMs ? 'asset.calibrationOver' : 'asset.calibrationDue', {
          date: dayText(due, languageOf(i18n)),
        });
  return [
    { label: t('asset.holder'), value: <PersonLink person={asset.holder} /> },
    { label: t('asset.where'), value: <WhereLink asset={asset} /> },
    { label: t('asset.since'), value: asset.since === null ? '–' : <When at={asset.since} /> },
    { label: t('asset.home'), value: <CabinetLink cabinet={asset.home} /> },
    { label: t('asset.site'), value: asset.site?.name ?? '–' },
    ...(asset.place === null ? [] : [{ label: t('asset.place'), value: asset.place }]),
    ...(asset.kit === null ? [] : [{ label: t('kit.partOf'), value: <AssetLink asset={asset.kit} /> }]),
    { label: t('asset.calibration'), value: calibration },
  ];
}

/** What the tool is, for the second tab. */
export function useAssetDetails(asset: AssetView): Fact[] {
  const { t } = useTranslation();
  return [
    { label: t('asset.model'), value: asset.model ?? '–' },
    { label: t('asset.serial'), value: asset.serial ?? '–' },
    { label: t('asset.epc'), value: <EpcCode value={asset.epc} whole /> },
    { label: t('asset.identity'), value: <EpcCode value={asset.epc_uri} whole /> },
    { label: t('asset.groups'), value: asset.groups.length === 0 ? t('asset.groupsAll') : asset.groups.join(', ') },
  ];
}

export function AssetAsOf({ asset }: { asset: AssetView }) {
  const { t } = useTranslation();
  if (asset.as_of === null) return t('common.asOfUnknown');
  const [before, after] = t('common.asOf', { time: '|' }).split('|');
  return (
    <>
      {before}
      <When at={asset.as_of} />
      {after}
      {!asset.fresh && <> · {t('asset.notFresh')}</>}
    </>
  );
}
