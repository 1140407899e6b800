/** A part of the inspector that folds. */
interface SectionProps {
  readonly title: string;
  readonly closed?: boolean;
  readonly children: React.ReactNode;
}

export function Section({ title, closed = false, children }: SectionProps) {
  return (
    <details className="section" open={!closed}>
      <summary>
        <span className="codicon codicon-chevron-right" aria-hidden />
        {title}
      </summary>
      <div className="section-body">{children}</div>
    </details>
  );
}
