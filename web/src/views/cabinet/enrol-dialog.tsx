import { Button, Code, Group, Modal, Stack } from '@mantine/core';
import type { CabinetView } from '@tagtrail/shared/api/cabinet.js';
import type { EnrolmentCode } from '@tagtrail/shared/api/enrolment.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useNow } from '../../app/services.js';
import { clockText } from '../../data/time-text.js';
import { languageOf } from '../../text/text.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

/** Gets a code with which one device becomes this cabinet. It is held here alone and gone when this closes. */
export function EnrolDialog({ cabinet, onClose }: { cabinet: CabinetView; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [code, setCode] = useState<EnrolmentCode | null>(null);
  const [isShown, setIsShown] = useState(false);
  if (isShown && code !== null) return <CodeDialog name={cabinet.name} code={code} onClose={onClose} />;
  return (
    <DecisionDialog
      title={t('enrolment.title', { name: cabinet.name })}
      text={t('enrolment.text')}
      confirm={t('enrolment.give')}
      decide={async () => setCode(await api.enrolmentCode(cabinet.id))}
      touches={[]}
      onClose={onClose}
      onDecided={() => setIsShown(true)}
    />
  );
}

interface CodeProps {
  readonly name: string;
  readonly code: EnrolmentCode;
  readonly onClose: () => void;
}

/** The code, until when it holds, and what to type. A click beside it does not close it: it would be gone. */
function CodeDialog({ name, code, onClose }: CodeProps) {
  const { t, i18n } = useTranslation();
  const until = clockText(code.expires_at, useNow(), languageOf(i18n));
  const command = `npm run edge -- enrol --cloud ${location.origin} \\\n  --code ${code.code} --out credentials.json`;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      closeOnClickOutside={false}
      title={<strong>{t('enrolment.title', { name })}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="enrolment-code">
        <strong>{t('enrolment.once')}</strong>
        <Code block aria-label={t('enrolment.code')} data-testid="code">
          {code.code}
        </Code>
        <span>{t('enrolment.until', { time: until })}</span>
        <span>{t('enrolment.command')}</span>
        <Code block>{command}</Code>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('enrolment.done')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
