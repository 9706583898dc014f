import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export type RowState =
  | 'taken'
  | 'returned'
  | 'doubt'
  | 'forbidden'
  | 'missing'
  | 'inside'
  | 'out'
  | 'unknown'
  | 'warn'
  | 'bad'
  | 'ok';

export interface RowProps {
  readonly state: RowState;
  readonly icon: Icon;
  readonly name: string;
  /** The state in words; colour and icon never stand alone. */
  readonly note?: string | undefined;
  readonly onPress?: (() => void) | undefined;
  readonly testId?: string;
  readonly data?: Readonly<Record<`data-${string}`, string | boolean>>;
  /** A button at the right edge. */
  readonly children?: ReactNode;
}

/** One item: its state as colour, icon and words; the whole row is the target. */
export function Row(props: RowProps) {
  const Glyph = props.icon;
  const inner = (
    <>
      <span className="tk-row-mark">
        <Glyph size={42} stroke={2} aria-hidden />
      </span>
      <span className="tk-row-words">
        <b>{props.name}</b>
        {props.note !== undefined && props.note !== '' && <small>{props.note}</small>}
      </span>
    </>
  );
  return (
    <div className="tk-row" data-state={props.state} data-testid={props.testId} {...props.data}>
      {props.onPress === undefined ? (
        <div className="tk-row-open">{inner}</div>
      ) : (
        <button type="button" className="tk-row-open" onClick={props.onPress}>
          {inner}
        </button>
      )}
      {props.children}
    </div>
  );
}
