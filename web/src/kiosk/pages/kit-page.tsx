import { IconPuzzle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Page } from '../kiosk-pages.js';
import { PageFrame } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row } from '../row.js';

/** The children that a kit came back, or left, without. */
export function KitPage({ page }: { page: Extract<Page, { kind: 'kit' }> }) {
  const { t } = useTranslation();
  return (
    <PageFrame title={page.kit} note={page.left ? t('kiosk.kitLeft') : t('kiosk.kitBack')}>
      <Paged
        items={page.children}
        keyOf={(child) => child}
        label={page.kit}
        render={(child) => (
          <Row
            state="missing"
            icon={IconPuzzle}
            isTool
            name={child}
            note={page.left ? t('kiosk.kitChildInside') : t('kiosk.kitChildMissing')}
            testId="kiosk-kit-child"
          />
        )}
      />
    </PageFrame>
  );
}
