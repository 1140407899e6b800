/** Explains a kind of layer beside its entry in the palette: documentation and, for an activation, its curve. */
import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { ActivationPlot } from '../controls/ActivationPlot.tsx';
import { Icon } from '../controls/Icon.tsx';
import { Markdown } from '../controls/Markdown.tsx';
import { categoryColour } from '../theme/categories.ts';

interface KindCardProps {
  readonly id: string;
  readonly definition: LayerDefinition;
  /** The entry beside which it is shown. */
  readonly anchor: HTMLElement;
}

export function KindCard({ id, definition, anchor }: KindCardProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const { right, top: wanted } = anchor.getBoundingClientRect();
  useLayoutEffect(() => {
    const height = box.current?.offsetHeight ?? 0;
    setTop(Math.max(8, Math.min(wanted, window.innerHeight - height - 8)));
  }, [wanted]);
  const { label, icon, category, doc } = definition;
  return createPortal(
    <div ref={box} id={id} className="kind-card" role="tooltip" style={{ left: right + 10, top }}>
      <h3>
        <Icon name={icon} colour={categoryColour(category)} />
        {label}
      </h3>
      <ActivationPlot definition={definition} />
      <Markdown text={doc} />
    </div>,
    // In the landmark that holds the page.
    anchor.closest('.editor') ?? document.body,
  );
}
