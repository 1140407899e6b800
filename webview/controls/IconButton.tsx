/** A button in the style of VS Code's tool bars: an icon with a tooltip, or an icon and a word. */
import { Icon } from './Icon.tsx';

interface IconButtonProps {
  readonly icon: string;
  /** Tooltip and accessible name. */
  readonly title: string;
  readonly text?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly className?: string;
  onClick(event: React.MouseEvent<HTMLButtonElement>): void;
}

export function IconButton({
  icon,
  title,
  text,
  disabled,
  pressed,
  className = '',
  onClick,
}: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button ${text ? 'with-text' : ''} ${className}`}
      title={title}
      aria-label={text ?? title}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
      {text && <span className="button-text">{text}</span>}
    </button>
  );
}
