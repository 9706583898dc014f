import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ToolPicture } from '../ui/tool-picture.js';
import type { Place, Tag } from './tool-places.js';
import type { Carry } from './use-carry.js';

export interface PlaceBoxProps {
  readonly place: Place;
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly carry: Carry;
  readonly head?: ReactNode;
  /** What to say while nothing lies here. */
  readonly empty?: string;
  readonly registerDot: (epc: string, dot: HTMLElement | null) => void;
}

/** Somewhere tools can lie: a drawer, the bench, pockets. */
export function PlaceBox({ place, name, tags, carry, head, empty, registerDot }: PlaceBoxProps) {
  const { t } = useTranslation();
  const { carried, over } = carry;
  return (
    <section className="ts-place" data-place={place} data-over={over === place} aria-label={name}>
      {head}
      <div className="ts-tools">
        {tags.map((tag) => (
          <ToolButton key={tag.epc} tag={tag} carry={carry} registerDot={registerDot} />
        ))}
        {tags.length === 0 && carried === null && empty !== undefined && <span className="tt-soft">{empty}</span>}
      </div>
      {carried?.how === 'in_hand' && (
        <button type="button" className="ts-put" onClick={() => carry.putDown(place)}>
          {t('simulator.putHere', { place: name })}
        </button>
      )}
    </section>
  );
}

function ToolButton({ tag, carry, registerDot }: { tag: Tag } & Pick<PlaceBoxProps, 'carry' | 'registerDot'>) {
  const { t } = useTranslation();
  const carried = carry.carried?.epc === tag.epc ? carry.carried.how : undefined;
  return (
    <button
      type="button"
      className="ts-tool"
      data-testid="sim-tool"
      data-epc={tag.epc}
      data-carried={carried}
      data-shadowed={tag.shadowed}
      aria-pressed={carried === 'in_hand'}
      title={`${tag.label} · ${tag.epc}${tag.shadowed ? ` · ${t('simulator.shadowed')}` : ''}`}
      onPointerDown={(event) => carry.press(tag.epc, event)}
      onClick={(event) => carry.toggle(tag.epc, event.detail === 0)}
    >
      <i className="ts-heard" ref={(dot) => registerDot(tag.epc, dot)} />
      <ToolFace label={tag.label} />
    </button>
  );
}

/** The picture, the name, and the number that tells it from its likes. */
export function ToolFace({ label }: { label: string }) {
  const [, name = label, number = ''] = /^(.*\S)\s+(\d{1,4})$/.exec(label) ?? [];
  return (
    <>
      {number !== '' && <b>{number}</b>}
      <ToolPicture name={label} />
      <span>{name}</span>
    </>
  );
}
