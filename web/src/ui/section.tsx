import { Group } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Buttons at the right of the title. */
  readonly actions?: ReactNode;
  readonly testId: string;
  readonly children?: ReactNode;
}

/** One card of a page that has several: a title, what it is about, what can be done, then its rows. */
export function Section({ title, lead, actions, testId, children }: SectionProps) {
  return (
    <section className="tt-card tt-section" data-testid={testId}>
      <Group justify="space-between" align="start" gap={0} pr="md">
        <h2 className="tt-section-title">{title}</h2>
        {actions !== undefined && (
          <Group gap="xs" pt="sm" pl="md" justify="flex-end">
            {actions}
          </Group>
        )}
      </Group>
      {lead !== undefined && <p className="tt-lead">{lead}</p>}
      {children}
    </section>
  );
}
