import { Button } from '@mantine/core';
import { IconDoor, IconHammer, IconLock, IconLockOpen } from '@tabler/icons-react';
import type { CabinetState } from '@tagtrail/shared/simulator/control-protocol.js';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge, type Tone } from '../ui/badge.js';

type DoorState = CabinetState['doors'][number];

export interface CabinetFrontProps {
  readonly doors: readonly DoorState[];
  readonly onOpen: (door: number, force: boolean) => void;
  readonly onClose: (door: number) => void;
  readonly children: ReactNode;
}

/** The cabinet: its doors with their handles, and behind the glass its drawers. */
export function CabinetFront({ doors, onOpen, onClose, children }: CabinetFrontProps) {
  return (
    <div className="ts-cabinet">
      <div className="ts-doors">
        {doors.map((door) => (
          <DoorHandle key={door.id} door={door} onOpen={onOpen} onClose={onClose} />
        ))}
      </div>
      <div className="ts-body">
        <div className="ts-drawers">{children}</div>
        <div className="ts-glass" aria-hidden>
          {doors.map((door) => (
            <i key={door.id} data-open={door.open} data-locked={door.locked} />
          ))}
        </div>
      </div>
    </div>
  );
}

const looks: Readonly<Record<'open' | 'unlocked' | 'locked', { tone: Tone; icon: typeof IconDoor }>> = {
  open: { tone: 'doubt', icon: IconDoor },
  unlocked: { tone: 'ok', icon: IconLockOpen },
  locked: { tone: 'mute', icon: IconLock },
};

function DoorHandle({ door, onOpen, onClose }: { door: DoorState } & Pick<CabinetFrontProps, 'onOpen' | 'onClose'>) {
  const { t } = useTranslation();
  const state = door.open ? 'open' : door.locked ? 'locked' : 'unlocked';
  return (
    <div className="ts-door" data-testid="sim-door" data-door={door.id} data-state={state}>
      <strong>{t('simulator.door', { door: door.id })}</strong>
      <Badge {...looks[state]} label={t(`simulator.doorState.${state}`)} />
      {door.open ? (
        <Button size="xs" onClick={() => onClose(door.id)} data-testid="sim-close">
          {t('simulator.close')}
        </Button>
      ) : (
        <>
          <Button
            size="xs"
            variant={door.locked ? 'default' : 'filled'}
            onClick={() => onOpen(door.id, false)}
            data-testid="sim-open"
          >
            {t('simulator.open')}
          </Button>
          {door.locked && (
            <Button
              size="xs"
              variant="subtle"
              color="red"
              leftSection={<IconHammer size={16} aria-hidden />}
              onClick={() => onOpen(door.id, true)}
            >
              {t('simulator.force')}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
