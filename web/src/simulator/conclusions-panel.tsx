import {
  IconArrowBackUp,
  IconArrowUpRight,
  IconExternalLink,
  IconHelpTriangle,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { AgentView } from '@tagtrail/shared/simulator/control-protocol.js';
import type { TFunction } from 'i18next';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../data/time-text.js';
import { languageOf } from '../text/text.js';
import { Badge, type Tone } from '../ui/badge.js';
import { addConclusions, type Conclusion } from './conclusions.js';

/** What the agent makes of the reads: its phase now, and what it concluded, newest first. */
export function ConclusionsPanel({ agent }: { agent: AgentView | null }) {
  const { t, i18n } = useTranslation();
  const [log, setLog] = useState<readonly Conclusion[]>([]);
  const before = useRef<AgentView['state']>(null);
  const state = agent?.state ?? null;
  useEffect(() => {
    if (state === null) return;
    const last = before.current;
    before.current = state;
    setLog((lines) => addConclusions(lines, last, state));
  }, [state]);

  return (
    <section
      className="tt-card ts-panel ts-conclusions"
      data-testid="sim-conclusions"
      data-phase={state?.phase ?? 'unknown'}
    >
      <h2>
        {t('simulator.conclusions')}
        {agent !== null && (
          <a href={agent.kiosk} target="_blank" rel="noreferrer">
            {t('simulator.kiosk')} <IconExternalLink size={14} aria-hidden />
          </a>
        )}
      </h2>
      {state === null ? (
        <p className="tt-soft ts-none">
          <IconPlugConnectedX size={18} aria-hidden />
          {agent === null ? t('simulator.noAgent') : t('simulator.agentSilent')}
        </p>
      ) : (
        <p className="ts-now">
          <strong>{phaseText(t, state.phase)}</strong>
          {state.person !== null && <span>{state.person.displayName}</span>}
          {state.reading !== null && (
            <span className="tt-figure">
              {t('simulator.rounds', { rounds: state.reading.rounds, seen: state.reading.seen })}
            </span>
          )}
        </p>
      )}
      {state !== null && state.missing.length > 0 && (
        <p className="ts-missing">{t('kiosk.missing', { names: state.missing.join(', ') })}</p>
      )}
      <ol className="ts-log">
        {log.map((one) => (
          <li key={one.id} data-testid="sim-conclusion" data-kind={one.kind}>
            <time className="tt-time">{clockText(one.at, Date.parse(one.at), languageOf(i18n))}</time>
            <ConclusionText one={one} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const lineLooks = {
  taken: { tone: 'out', icon: IconArrowUpRight },
  returned: { tone: 'ok', icon: IconArrowBackUp },
  disputed: { tone: 'doubt', icon: IconHelpTriangle },
} as const satisfies Record<string, { tone: Tone; icon: typeof IconArrowUpRight }>;

function ConclusionText({ one }: { one: Conclusion }) {
  const { t } = useTranslation();
  const who = one.person ?? t('simulator.nobody');
  if (one.kind === 'nothing') return <span>{t('kiosk.nothing')}</span>;
  if (one.kind === 'phase')
    return <span>{one.person === null ? phaseText(t, one.phase) : `${phaseText(t, one.phase)} · ${who}`}</span>;
  const look = one.disputed ? 'disputed' : one.movement;
  return (
    <span data-movement={one.movement} data-disputed={one.disputed}>
      <Badge {...lineLooks[look]} label={t(`session.${look}`)} /> {one.name} · {who}
    </span>
  );
}

function phaseText(t: TFunction, phase: string): string {
  return t(`simulator.phase.${phase as 'idle'}`, { defaultValue: phase });
}
