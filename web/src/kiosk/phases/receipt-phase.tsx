import {
  IconAlertTriangle,
  IconCheck,
  IconCircleCheck,
  IconHelpTriangle,
  IconPuzzle,
  IconThumbDown,
} from '@tabler/icons-react';
import type { KioskLine } from '@tagtrail/shared/kiosk/kiosk-state.js';
import type { TFunction } from 'i18next';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BigButton } from '../big-button.js';
import { Actions, secondsUntil } from '../countdown.js';
import { useKiosk } from '../kiosk-context.js';
import { lineLook } from '../line-look.js';
import { Message } from '../message.js';
import { Paged } from '../paged.js';
import { ReadingRing } from '../reading-ring.js';
import { Row } from '../row.js';

/** What was taken, what came back, what is in doubt, what is still held. No button is needed to leave. */
export function ReceiptPhase() {
  const { t } = useTranslation();
  const { state, desk } = useKiosk();
  const [heard, setHeard] = useState('');
  const dispute = desk.dispute;
  if (dispute?.stage === 'reading') return <Rereading name={dispute.name} />;
  const outcome = dispute === null ? '' : `${dispute.epc} ${dispute.stage}`;
  if (dispute !== null && outcome !== heard) {
    const corrected = dispute.stage === 'corrected';
    return (
      <Message
        tone={corrected ? 'ok' : 'warn'}
        icon={corrected ? IconCircleCheck : IconHelpTriangle}
        title={corrected ? t('dispute.corrected') : t('dispute.staysDisputed')}
        text={dispute.name}
        help={corrected ? t('dispute.correctedHelp') : t('dispute.staysDisputedHelp')}
        actions={<ReceiptActions label={t('kiosk.understood')} onPress={() => setHeard(outcome)} />}
      />
    );
  }
  if (state.uncounted === true && state.lines.length === 0) return <Uncounted />;
  if (state.lines.length + desk.kits.length === 0) {
    return (
      <Message tone="ok" icon={IconCheck} title={t('kiosk.nothing')} text={<Holding />} actions={<ReceiptActions />} />
    );
  }
  return <Receipt />;
}

/** The reader was away: nothing is on anybody's name, and the count follows. */
function Uncounted() {
  const { t } = useTranslation();
  return (
    <Message
      tone="warn"
      icon={IconHelpTriangle}
      title={t('returnOnly.uncounted')}
      text={t('returnOnly.uncountedText')}
      help={t('returnOnly.uncountedHelp')}
      actions={<ReceiptActions />}
    />
  );
}

function Rereading({ name }: { name: string }) {
  const { t } = useTranslation();
  const { state } = useKiosk();
  return (
    <ReadingRing
      seconds={state.reading?.rounds ?? 0}
      title={t('dispute.reading')}
      text={name}
      help={t('dispute.readingHelp')}
    />
  );
}

function Holding(): ReactNode {
  const { t } = useTranslation();
  const { state } = useKiosk();
  const count = state.holding.length;
  if (state.person === null) return null;
  return (
    <span data-testid="kiosk-holding" data-count={count}>
      {count === 0 ? t('kiosk.holdNone') : t('kiosk.hold', { count })}
    </span>
  );
}

function Receipt() {
  const { t } = useTranslation();
  const { state, desk } = useKiosk();
  const signed = state.person !== null;
  const count = (which: (line: KioskLine) => boolean): number => state.lines.filter(which).length;
  const doubtful = count((line) => isDoubtful(line));
  const taken = count((line) => line.movement === 'taken' && !isDoubtful(line) && line.dispute !== 'corrected');
  const returned = count((line) => line.movement === 'returned' && !isDoubtful(line));
  const parts = [
    ...(taken > 0 ? [t(signed ? 'kiosk.took' : 'kiosk.unsignedTook', { count: taken })] : []),
    ...(returned > 0 ? [t(signed ? 'kiosk.returned' : 'kiosk.unsignedReturned', { count: returned })] : []),
    ...(doubtful > 0 ? [t('kiosk.doubtCount', { count: doubtful })] : []),
  ];
  const few = state.lines.length + desk.kits.length <= 3;
  return (
    <main className="tk-main" data-tone="plain">
      <div className="tk-head">
        <h1>{state.uncounted === true ? t('returnOnly.uncounted') : headOf(t, parts)}</h1>
        <p>
          <Holding />
        </p>
      </div>
      <Lines columns={few ? 1 : 2} />
      <ReceiptActions />
    </main>
  );
}

function headOf(t: TFunction, parts: readonly string[]): string {
  return parts.length === 0 ? t('kiosk.checked') : parts.join(' · ');
}

function isDoubtful(line: KioskLine): boolean {
  return line.dispute !== 'corrected' && (line.disputed || line.dispute !== undefined);
}

function Lines({ columns }: { columns: 1 | 2 }) {
  const { t, i18n } = useTranslation();
  const { state, desk, nowMs, open } = useKiosk();
  const lines = state.lines.map((line) => ({
    key: `${line.epc}${line.movement}`,
    line,
    look: lineLook(t, i18n, line, nowMs),
  }));
  lines.sort((a, b) => a.look.rank - b.look.rank);
  const kits = desk.kits.map((kit) => ({ key: `kit ${kit.kit}`, kit }));
  return (
    <Paged
      items={[...kits, ...lines]}
      columns={columns}
      keyOf={({ key }) => key}
      label={t('kiosk.checked')}
      render={(item) =>
        'kit' in item ? (
          <Row
            state="bad"
            icon={IconPuzzle}
            name={item.kit.kit}
            note={t(`kiosk.kit_${item.kit.state}`, { names: item.kit.children.join(', ') })}
            onPress={() => {
              const { kit, children, state: how } = item.kit;
              open({ kind: 'kit', kit, children, left: how === 'left_incomplete' });
            }}
            testId="kiosk-kit"
          />
        ) : (
          <Line line={item.line} look={item.look} />
        )
      }
    />
  );
}

function Line({ line, look }: { line: KioskLine; look: ReturnType<typeof lineLook> }) {
  const { t } = useTranslation();
  const { state, client, heed, open } = useKiosk();
  const signed = state.person !== null;
  const mayDispute = signed && state.uncounted !== true && line.dispute === undefined && line.reported === undefined;
  const tool = { epc: line.epc, name: line.name };
  return (
    <Row
      state={look.state}
      icon={look.icon}
      isTool
      name={line.name}
      note={state.uncounted === true ? t('returnOnly.line') : look.note}
      onPress={signed && line.reported === undefined ? () => open({ kind: 'report', tool }) : undefined}
      testId="kiosk-line"
      data={{
        'data-epc': line.epc,
        'data-movement': line.movement,
        'data-disputed': line.disputed,
        'data-authority': line.authority,
      }}
    >
      {mayDispute && (
        <BigButton
          icon={IconThumbDown}
          label={t('dispute.wrong')}
          says={t('dispute.wrongSays', { name: line.name })}
          onPress={() => void client.act('dispute', { epc: line.epc }).then(heed)}
          testId="kiosk-wrong"
        />
      )}
    </Row>
  );
}

function ReceiptActions({ label, onPress }: { label?: string; onPress?: () => void }) {
  const { t } = useTranslation();
  const { state, nowMs, leavesAt, client, open } = useKiosk();
  const seconds = secondsUntil(leavesAt, nowMs);
  return (
    <Actions leavesAt={leavesAt} nowMs={nowMs}>
      {state.missing.length > 0 && (
        <BigButton
          icon={IconAlertTriangle}
          look="danger"
          label={t('kiosk.missing', { count: state.missing.length })}
          note={state.missing[0]}
          onPress={() => open({ kind: 'missing' })}
          testId="kiosk-missing"
        />
      )}
      <BigButton
        icon={IconCheck}
        look="primary"
        label={label ?? t('kiosk.done')}
        note={seconds === null ? undefined : t('kiosk.leaves', { seconds })}
        onPress={onPress ?? (() => client.signOut())}
        testId="kiosk-done"
      />
    </Actions>
  );
}
