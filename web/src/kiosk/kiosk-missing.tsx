import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const shown = 2;

/** Items that belong inside, were not read and are signed for by nobody. */
export function KioskMissing({ missing }: { missing: readonly string[] }) {
  const { t } = useTranslation();
  if (missing.length === 0) return null;
  const more = missing.length - shown;
  return (
    <p className="tk-missing" data-testid="kiosk-missing" data-count={missing.length}>
      <IconAlertTriangle size={30} aria-hidden />
      <span>
        {t('kiosk.missing', { names: missing.slice(0, shown).join(', ') })}
        {more > 0 && ` ${t('kiosk.andMore', { count: more })}`}
      </span>
    </p>
  );
}
