import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { isPlace, type Place } from './tool-places.js';

/** A tool on its way: dragged with the pointer, or picked up with a click or a key and not yet put down. */
export interface Carried {
  readonly epc: string;
  readonly how: 'dragged' | 'in_hand';
}

export interface Carry {
  readonly carried: Carried | null;
  /** The place under the pointer while something is dragged. */
  readonly over: Place | null;
  /** What follows the pointer. */
  readonly ghost: RefObject<HTMLDivElement | null>;
  press(epc: string, event: PointerEvent): void;
  /** A click on a tool, or Enter (`byKey`): picks it up, or lets it be. */
  toggle(epc: string, byKey: boolean): void;
  putDown(place: Place): void;
}

/** A press that moves less than this is a click. */
const dragAfterPx = 5;

/** Carrying tools, by dragging or by picking up and putting down. Escape leaves a tool where it was. */
export function useCarry(onDrop: (epc: string, place: Place) => void): Carry {
  const [carried, setCarried] = useState<Carried | null>(null);
  const [over, setOver] = useState<Place | null>(null);
  const ghost = useRef<HTMLDivElement | null>(null);
  const justDragged = useRef(false);
  const stopDragging = useRef<(() => void) | null>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      stopDragging.current?.();
      setCarried(null);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      stopDragging.current?.();
    };
  }, []);

  const press = (epc: string, event: PointerEvent): void => {
    if (event.button !== 0) return;
    const from = { x: event.clientX, y: event.clientY };
    const { pointerId } = event;
    let dragging = false;
    justDragged.current = false;
    const move = (next: globalThis.PointerEvent): void => {
      if (next.pointerId !== pointerId) return;
      if (!dragging && Math.hypot(next.clientX - from.x, next.clientY - from.y) < dragAfterPx) return;
      if (!dragging) setCarried({ epc, how: 'dragged' });
      dragging = true;
      ghost.current?.style.setProperty('translate', `${next.clientX}px ${next.clientY}px`);
      setOver(placeAt(next));
    };
    const stop = (): void => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', release);
      window.removeEventListener('pointercancel', cancel);
      stopDragging.current = null;
      setOver(null);
    };
    const cancel = (): void => {
      stop();
      setCarried(null);
    };
    const release = (next: globalThis.PointerEvent): void => {
      if (next.pointerId !== pointerId) return;
      stop();
      if (!dragging) return;
      justDragged.current = true;
      setCarried(null);
      const place = placeAt(next);
      if (place !== null) onDrop(epc, place);
    };
    stopDragging.current?.();
    stopDragging.current = stop;
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', release);
    window.addEventListener('pointercancel', cancel);
  };

  return {
    carried,
    over,
    ghost,
    press,
    toggle: (epc, byKey) => {
      // The click that ends a drag is no click.
      const isDragEnd = justDragged.current && !byKey;
      justDragged.current = false;
      if (!isDragEnd) setCarried((now) => (now?.epc === epc ? null : { epc, how: 'in_hand' }));
    },
    putDown: (place) => {
      if (carried === null) return;
      setCarried(null);
      onDrop(carried.epc, place);
    },
  };
}

function placeAt({ clientX, clientY }: { clientX: number; clientY: number }): Place | null {
  const place = document.elementFromPoint(clientX, clientY)?.closest('[data-place]')?.getAttribute('data-place');
  return isPlace(place) ? place : null;
}
