/** A part of the inspector that can be folded. */
import { useEffect, useState } from 'react';

interface SectionProps {
  readonly title: string;
  /** Whether it starts folded. It unfolds when this becomes false, and only a person folds it. */
  readonly closed?: boolean;
  readonly children: React.ReactNode;
}

export function Section({ title, closed = false, children }: SectionProps) {
  const [open, setOpen] = useState(!closed);
  useEffect(() => {
    if (!closed) setOpen(true);
  }, [closed]);
  return (
    <details className="section" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span className="codicon codicon-chevron-right" aria-hidden />
        {title}
      </summary>
      <div className="section-body">{children}</div>
    </details>
  );
}
