import { CopyButton, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortEpc } from '@tagtrail/shared/events/describe.js';
import { useTranslation } from 'react-i18next';

/** An id or EPC: mono, shortened in the middle, whole on hover, copied with one click. */
export function EpcCode({ value, whole = false }: { value: string | null; whole?: boolean }) {
  const { t } = useTranslation();
  if (value === null) return <span className="tt-soft">{t('common.none')}</span>;
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <UnstyledButton
          className="tt-mono"
          title={value}
          aria-label={t('common.copy', { text: value })}
          data-epc={value}
          onClick={(event: { stopPropagation: () => void }) => {
            event.stopPropagation();
            copy();
          }}
        >
          {whole ? value : shortEpc(value)}
          {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
          {copied && <output className="tt-hidden">{t('common.copied')}</output>}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
