import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export type Tone = 'idle' | 'ok' | 'bad' | 'warn' | 'busy' | 'old' | 'plain';

export interface MessageProps {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly title: string;
  readonly text?: ReactNode;
  readonly help?: string | undefined;
  /** Striped: a state that somebody has to end. */
  readonly alarm?: boolean;
  readonly children?: ReactNode;
  /** Buttons along the lower edge. */
  readonly actions?: ReactNode;
}

/** What to do now: one picture, one sentence, one line of help. */
export function Message(props: MessageProps) {
  const Glyph = props.icon;
  return (
    <main className="tk-main" data-tone={props.tone} data-alarm={props.alarm ?? false}>
      <div className="tk-message" role={props.tone === 'bad' ? 'alert' : 'status'}>
        <Glyph className="tk-glyph" stroke={1.4} aria-hidden />
        <div>
          <h1>{props.title}</h1>
          {props.text !== undefined && <p className="tk-text">{props.text}</p>}
          {props.help !== undefined && <p className="tk-help">{props.help}</p>}
          {props.children}
        </div>
      </div>
      {props.actions}
    </main>
  );
}
