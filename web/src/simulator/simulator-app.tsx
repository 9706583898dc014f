import { Button } from '@mantine/core';
import { IconLanguage, IconRefreshAlert } from '@tabler/icons-react';
import { errorText } from '@tagtrail/shared/error.js';
import type { CabinetState, FaultCatalogue, ReadBatch } from '@tagtrail/shared/simulator/control-protocol.js';
import type { TFunction } from 'i18next';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ticker } from '../app/ticker.js';
import { languageOf } from '../text/text.js';
import { CabinetFront } from './cabinet-front.js';
import { ConclusionsPanel } from './conclusions-panel.js';
import { DeviceBar } from './device-bar.js';
import { FaultsDrawer } from './faults-drawer.js';
import { PeoplePanel } from './people-panel.js';
import { PlaceBox, ToolFace } from './place-box.js';
import { ReadLanes } from './read-lanes.js';
import { createReadTape } from './read-tape.js';
import type { Known, SimulatorClient } from './simulator-client.js';
import { type Outside, type Place, placeOf, planMove, rememberOutside, type Tag } from './tool-places.js';
import { useCarry } from './use-carry.js';

export interface SimulatorAppProps {
  readonly client: SimulatorClient;
  readonly nowMs: () => number;
  readonly ticker: Ticker;
  /** Where tools outside were put, kept over a reload. */
  readonly memory: { load(): Outside; save(outside: Outside): void };
}

/** The page of one simulated cabinet. */
export function SimulatorApp(props: SimulatorAppProps) {
  const { t } = useTranslation();
  const known = useSyncExternalStore(props.client.subscribe, props.client.get);
  if (known.cabinet === null) {
    return (
      <main className="ts-waiting" data-testid="simulator" data-reachable={known.reachable}>
        {known.reachable ? t('simulator.starting') : t('simulator.gone')}
      </main>
    );
  }
  return <Playground {...props} known={known} cabinet={known.cabinet} />;
}

function Playground(props: SimulatorAppProps & { known: Known; cabinet: CabinetState }) {
  const { client, cabinet, known, nowMs, ticker } = props;
  const { t } = useTranslation();
  const [notice, setNotice] = useState('');
  const [catalogue, setCatalogue] = useState<FaultCatalogue>([]);
  const [showsFaults, setShowsFaults] = useState(false);
  const { tape, registerDot } = useReads(client, nowMs);
  const tryTo = (act: Promise<void>): void => {
    setNotice('');
    act.catch((error: unknown) => setNotice(noticeOf(error, t)));
  };
  const { outside, carryTo } = useOutside(props, (text) => setNotice(text), tryTo);
  const carry = useCarry(carryTo);
  const tagsAt = (place: Place): readonly Tag[] => cabinet.tags.filter((tag) => placeOf(tag, outside) === place);
  const shared = { carry, registerDot };
  const carriedTag = cabinet.tags.find((tag) => tag.epc === carry.carried?.epc);

  return (
    <div className="ts" data-testid="simulator" data-reachable={known.reachable} data-carrying={carry.carried?.how}>
      <PageHead name={cabinet.name}>
        <DeviceBar
          devices={cabinet.devices}
          onFault={(request) => tryTo(client.fault(request))}
          onEndAll={() => tryTo(client.endFaults())}
          onMore={() => {
            setShowsFaults(true);
            client.faults().then(setCatalogue, (error: unknown) => setNotice(errorText(error)));
          }}
        />
      </PageHead>
      <PeoplePanel {...shared} badges={cabinet.badges} tagsAt={tagsAt} onBadge={(n) => tryTo(client.badge(n))} />
      <main className="ts-middle">
        <CabinetFront
          doors={cabinet.doors}
          onOpen={(door, force) => tryTo(client.openDoor(door, force))}
          onClose={(door) => tryTo(client.closeDoor(door))}
        >
          {Array.from({ length: cabinet.antennas }, (_, index) => index + 1).map((antenna) => (
            <PlaceBox
              key={antenna}
              {...shared}
              place={`drawer-${antenna}`}
              name={t('simulator.drawer', { antenna })}
              tags={tagsAt(`drawer-${antenna}`)}
              empty={t('simulator.empty')}
            />
          ))}
        </CabinetFront>
        <PlaceBox
          {...shared}
          place="bench"
          name={t('simulator.bench')}
          tags={tagsAt('bench')}
          head={<h2>{t('simulator.bench')}</h2>}
          empty={t('simulator.benchEmpty')}
        />
        <p className="ts-notice" role="status" data-testid="sim-notice" data-bad={notice !== '' || !known.reachable}>
          {!known.reachable && <IconRefreshAlert size={18} aria-hidden />}
          {known.reachable ? notice || hintOf(carry.carried?.how, t) : t('simulator.gone')}
        </p>
      </main>
      <aside className="ts-side">
        <ReadLanes tape={tape} cabinet={cabinet} nowMs={nowMs} ticker={ticker} />
        <ConclusionsPanel agent={known.agent} />
      </aside>
      <FaultsDrawer
        opened={showsFaults}
        onClosed={() => setShowsFaults(false)}
        catalogue={catalogue}
        onFault={(request) => tryTo(client.fault(request))}
      />
      <div className="ts-ghost" ref={carry.ghost} aria-hidden>
        {carry.carried?.how === 'dragged' && carriedTag !== undefined && (
          <span className="ts-tool">
            <ToolFace label={carriedTag.label} />
          </span>
        )}
      </div>
    </div>
  );
}

type Translate = TFunction;

function noticeOf(error: unknown, t: Translate): string {
  const code = (error as { code?: string }).code;
  if (code === 'door.locked') return t('simulator.locked');
  return code === 'sim.control_lost' ? t('simulator.gone') : errorText(error);
}

function hintOf(how: string | undefined, t: Translate): string {
  return how === 'in_hand' ? t('simulator.inHand') : t('simulator.hint');
}

/** The reads: onto the tape, and a blink on every tool that was heard. */
function useReads(client: SimulatorClient, nowMs: () => number) {
  const tape = useMemo(createReadTape, []);
  const dots = useRef(new Map<string, HTMLElement>());
  useEffect(
    () =>
      client.onReads((batch: ReadBatch) => {
        tape.add(batch, nowMs());
        for (const epc of new Set(batch.reads.map((read) => read.epc))) {
          dots.current.get(epc)?.animate([{ opacity: 1 }, { opacity: 0 }], { duration: 1_200, easing: 'ease-in' });
        }
      }),
    [client, tape, nowMs],
  );
  const registerDot = (epc: string, dot: HTMLElement | null): void => {
    if (dot === null) dots.current.delete(epc);
    else dots.current.set(epc, dot);
  };
  return { tape, registerDot };
}

/** Carries tools: what passes the door is told to the cabinet, the rest is remembered here. */
function useOutside(
  { client, cabinet, memory }: SimulatorAppProps & { cabinet: CabinetState },
  say: (text: string) => void,
  tryTo: (act: Promise<void>) => void,
) {
  const { t } = useTranslation();
  const [outside, setOutside] = useState<Outside>(memory.load);
  const carryTo = (epc: string, place: Place): void => {
    const tag = cabinet.tags.find((one) => one.epc === epc);
    if (tag === undefined) return;
    const move = planMove(tag, place, { outside, doorOpen: cabinet.doors.some((door) => door.open) });
    if (move.kind === 'stay') return;
    if (move.kind === 'door_closed') {
      say(t('simulator.doorClosed'));
      return;
    }
    const next = rememberOutside(outside, epc, place);
    setOutside(next);
    memory.save(next);
    say('');
    if (move.tag !== undefined) tryTo(client.placeTag(move.tag));
  };
  return { outside, carryTo };
}

function PageHead({ name, children }: { name: string; children: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  return (
    <header className="ts-head">
      <div className="tt-brand">
        <img src="icon.svg" alt="" width={28} height={28} />
        <div>
          <h1>{name}</h1>
          <span className="tt-soft">{t('simulator.title')}</span>
        </div>
      </div>
      {children}
      <a href="/help">{t('simulator.help')}</a>
      <Button
        size="compact-md"
        variant="subtle"
        leftSection={<IconLanguage size={16} aria-hidden />}
        onClick={() => void i18n.changeLanguage(language === 'en' ? 'fr' : 'en')}
        data-testid="sim-language"
      >
        {t('kiosk.language')}
      </Button>
    </header>
  );
}
