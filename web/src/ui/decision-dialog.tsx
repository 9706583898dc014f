import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { errorText } from '@tagtrail/shared/error.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly title: string;
  /** What the decision means, before it is taken. */
  readonly text?: string;
  readonly confirm: string;
  /** Null while something is missing. */
  readonly decide: (() => Promise<unknown>) | null;
  /** The queries, by the first part of their keys, whose answers the decision changes. */
  readonly touches: readonly string[];
  readonly onClose: () => void;
  /** In place of `onClose` once the server has taken it, where something has to be shown then. */
  readonly onDecided?: () => void;
  /** It takes something away that does not come back by itself. */
  readonly isGrave?: boolean;
  readonly size?: 'md' | 'lg' | 'xl';
  readonly children?: ReactNode;
}

/** The frame of a decision: it closes when the server has taken it, and says why where it has not. */
export function DecisionDialog(props: DialogProps) {
  const { title, text, confirm, decide, touches, onClose, children } = props;
  const { t } = useTranslation();
  const queries = useQueryClient();
  const send = useMutation({
    mutationFn: (decision: () => Promise<unknown>) => decision(),
    onSuccess: async () => {
      await Promise.all(touches.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      (props.onDecided ?? onClose)();
    },
  });
  return (
    <Modal
      opened
      size={props.size ?? 'md'}
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack data-testid="decision-dialog">
        {text !== undefined && <span>{text}</span>}
        {children}
        {send.error !== null && (
          <Alert color="red" role="alert">
            {errorText(send.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('settings.cancel')}
          </Button>
          <Button
            disabled={decide === null}
            loading={send.isPending}
            onClick={() => decide !== null && send.mutate(decide)}
            data-testid="decision-confirm"
            {...(props.isGrave === true ? { color: 'red' } : {})}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
