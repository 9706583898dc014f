import type { Icon } from '@tabler/icons-react';

export interface BigButtonProps {
  readonly icon: Icon;
  readonly label: string;
  /** A second, smaller line. */
  readonly note?: string | undefined;
  readonly onPress: () => void;
  readonly look?: 'plain' | 'primary' | 'warn' | 'danger';
  readonly disabled?: boolean;
  readonly testId?: string;
  /** What a screen reader says where the label alone does not name its object. */
  readonly says?: string;
}

/** The only kind of button on this screen: an icon and a word, 15 mm or more. */
export function BigButton(props: BigButtonProps) {
  const Glyph = props.icon;
  return (
    <button
      type="button"
      className="tk-button"
      data-look={props.look ?? 'plain'}
      data-testid={props.testId}
      disabled={props.disabled ?? false}
      aria-label={props.says}
      onClick={props.onPress}
    >
      <Glyph size={36} stroke={2} aria-hidden />
      <span>
        {props.label}
        {props.note !== undefined && <small>{props.note}</small>}
      </span>
    </button>
  );
}
