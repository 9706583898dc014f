import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ToolPicture } from '../ui/tool-picture.js';

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
  /** The name is a tool's: its picture is known before its name is read. */
  readonly isTool?: boolean;
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
        <Glyph size={props.isTool === true ? 34 : 42} stroke={2} aria-hidden />
        {props.isTool === true && <ToolPicture name={props.name} size={38} />}
      </span>
      <span className="tk-row-words">
        <b>
          <Name name={props.name} />
        </b>
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

/** Where there is no room for the whole, its middle gives way: what tells alike tools apart stands at the end. */
function Name({ name }: { name: string }) {
  const at = name.lastIndexOf(' ');
  if (at < 0 || name.length - at > longestEnd) return name;
  return (
    <>
      <span>{name.slice(0, at)}</span> <span>{name.slice(at + 1)}</span>
    </>
  );
}

/** A blank and a number, or a size. */
const longestEnd = 8;
