import {
  type Icon,
  IconBackpack,
  IconBuildingWarehouse,
  IconLogout,
  IconPlane,
  IconZoomQuestion,
} from '@tabler/icons-react';
import type { ShiftDecision } from '@tagtrail/shared/kiosk/kiosk-actions.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { useKiosk } from '../kiosk-context.js';
import { PageFrame, PageText } from '../page-frame.js';
import { Paged } from '../paged.js';
import { Row, type RowState } from '../row.js';

const choices: readonly { readonly decision: ShiftDecision; readonly icon: Icon; readonly state: RowState }[] = [
  { decision: 'keeping', icon: IconBackpack, state: 'taken' },
  { decision: 'left_on_job', icon: IconPlane, state: 'warn' },
  { decision: 'returned_elsewhere', icon: IconBuildingWarehouse, state: 'ok' },
  { decision: 'lost', icon: IconZoomQuestion, state: 'bad' },
];

/** One decision for each tool that is still held, one tool after the other; nothing is sent before the last. */
export function ShiftEndPage() {
  const { t } = useTranslation();
  const { state, client, heed, open } = useKiosk();
  const [decided, setDecided] = useState<ReadonlyMap<string, ShiftDecision>>(new Map());
  const tools = state.holding.flatMap(({ epc, name }) => (epc === undefined ? [] : [{ epc, name }]));
  const next = tools.find(({ epc }) => !decided.has(epc));
  const decide = (epc: string, decision: ShiftDecision | null): void => {
    const after = new Map(decided);
    if (decision === null) after.delete(epc);
    else after.set(epc, decision);
    setDecided(after);
  };
  if (tools.length === 0) {
    return (
      <PageFrame title={t('shift.title')}>
        <PageText>{t('mine.noItems')}</PageText>
      </PageFrame>
    );
  }
  if (next !== undefined) {
    return (
      <PageFrame
        title={next.name}
        note={t('shift.which', { at: tools.length - (tools.length - decided.size) + 1, of: tools.length })}
      >
        <div className="tk-tiles" data-four="true">
          {choices.map(({ decision, icon }) => (
            <BigButton
              key={decision}
              icon={icon}
              label={t(`shift.${decision}`)}
              onPress={() => decide(next.epc, decision)}
              testId={`kiosk-shift-${decision}`}
            />
          ))}
        </div>
      </PageFrame>
    );
  }
  const send = (): void =>
    void client
      .act('shiftEnd', {
        decisions: tools.flatMap(({ epc }) => {
          const decision = decided.get(epc);
          return decision === undefined ? [] : [{ epc, decision, note: null }];
        }),
      })
      .then((answer) => {
        if (heed(answer)) open({ kind: 'said', tone: 'ok', title: t('shift.done'), text: t('shift.doneText') });
      });
  return (
    <PageFrame
      title={t('shift.check')}
      actions={
        <BigButton icon={IconLogout} look="primary" label={t('shift.end')} onPress={send} testId="kiosk-shift-send" />
      }
    >
      <Paged
        items={tools}
        keyOf={({ epc }) => epc}
        label={t('shift.check')}
        render={({ epc, name }) => {
          const choice = choices.find(({ decision }) => decision === decided.get(epc));
          return (
            <Row
              state={choice?.state ?? 'unknown'}
              icon={choice?.icon ?? IconZoomQuestion}
              isTool
              name={name}
              note={choice === undefined ? undefined : t(`shift.${choice.decision}`)}
              onPress={() => decide(epc, null)}
              testId="kiosk-shift-line"
            />
          );
        }}
      />
    </PageFrame>
  );
}
