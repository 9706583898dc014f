import { SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { type NoticeView, newNotice } from '@tagtrail/shared/api/notice.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/services.js';
import type { NoticeDraft } from '../../data/api-rules.js';
import { DecisionDialog } from '../../ui/decision-dialog.js';

type Both = { readonly en: string; readonly fr: string };

/** Writes the next version in both languages, starting from the present one. */
export function NoticeDialog({ before, onClose }: { before: NoticeView | null; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const [text, setText] = useState<Both>(before?.text ?? { en: '', fr: '' });
  const [changes, setChanges] = useState<Both>({ en: '', fr: '' });
  const [contact, setContact] = useState(before?.contact ?? '');
  const draft: NoticeDraft = {
    text,
    changes: { en: linesOf(changes.en), fr: linesOf(changes.fr) },
    contact: contact.trim() === '' ? null : contact.trim(),
  };
  return (
    <DecisionDialog
      title={t('notices.write')}
      text={t('notices.writeText')}
      confirm={t('notices.publish')}
      decide={newNotice.safeParse(draft).success ? () => api.publishNotice(draft) : null}
      touches={['notices']}
      size="xl"
      onClose={onClose}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {(['en', 'fr'] as const).map((language) => (
          <Textarea
            key={language}
            label={t(`notices.text.${language}`)}
            rows={9}
            maxLength={5000}
            lang={language}
            value={text[language]}
            onChange={(event) => setText({ ...text, [language]: event.currentTarget.value })}
          />
        ))}
        {(['en', 'fr'] as const).map((language) => (
          <Textarea
            key={`changes ${language}`}
            label={t(`notices.changes.${language}`)}
            description={t('notices.changesHelp')}
            rows={3}
            lang={language}
            value={changes[language]}
            onChange={(event) => setChanges({ ...changes, [language]: event.currentTarget.value })}
          />
        ))}
      </SimpleGrid>
      <TextInput
        label={t('notices.contact')}
        maxLength={200}
        value={contact}
        onChange={(event) => setContact(event.currentTarget.value)}
      />
    </DecisionDialog>
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
