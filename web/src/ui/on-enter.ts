import type { KeyboardEvent } from 'react';

/** Attributes of a table row that opens with Enter as it does with a click. */
export function onEnter(open: () => void) {
  return {
    tabIndex: 0,
    onKeyDown: (event: KeyboardEvent) => {
      // A link or button inside the row has its own Enter.
      if (event.key === 'Enter' && event.target === event.currentTarget) open();
    },
  };
}
