/** A part of the inspector that folds. */
import { useEffect, useState } from 'react';

interface SectionProps {
  readonly title: string;
  /** Whether it begins folded. It unfolds when this ends, and never folds by itself. */
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
