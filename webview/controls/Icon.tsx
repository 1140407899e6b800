/** A codicon. Decorative, unless it is given a label. */
interface IconProps {
  readonly name: string;
  readonly colour?: string | undefined;
  readonly label?: string;
  readonly className?: string;
}

export function Icon({ name, colour, label, className = '' }: IconProps) {
  const accessible =
    label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label, title: label };
  return (
    <span
      className={`codicon codicon-${name} ${className}`}
      style={colour ? { color: colour } : {}}
      {...accessible}
    />
  );
}
