/** The layer type that follows the pointer during a drag, where it would be added, and what releasing the button would do. */
import * as l10n from '@vscode/l10n';
import { createPortal } from 'react-dom';
import { Icon } from '../controls/Icon.tsx';
import type { Direction } from '../model/geometry.ts';
import { type PaletteDrag, useOverlay } from '../model/overlay.ts';
import { usePanels } from '../model/panels.ts';
import { categoryColour } from '../theme/categories.ts';
import { kindOf } from './drag.ts';

function outcomeOf(over: PaletteDrag['over']): string {
  if (over.kind === 'nothing') return l10n.t('Drop on the canvas');
  if (over.kind === 'canvas') return l10n.t('Add here');
  if (over.kind === 'edge') return l10n.t('Insert into this connection');
  return l10n.t('Add after {0}', over.layer);
}

export function Ghost() {
  const drag = useOverlay((overlay) => overlay.drag);
  const direction = usePanels((panels) => panels.direction);
  if (!drag) return null;
  const { label, icon, category } = kindOf(drag.type);
  const { over } = drag;
  return createPortal(
    <>
      {over.kind === 'card' && <Place layer={over.layer} direction={direction} />}
      <div className={`ghost ${over.kind}`} style={{ transform: `translate(${drag.x}px, ${drag.y}px)` }}>
        <div className="ghost-card">
          <Icon name={icon} colour={categoryColour(category)} />
          <span>{label}</span>
        </div>
        <div className="ghost-hint">{outcomeOf(over)}</div>
      </div>
    </>,
    document.body,
  );
}

/** A bar along the side of a card after which the layer would be added. */
function Place({ layer, direction }: { readonly layer: string; readonly direction: Direction }) {
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(layer)}"]`);
  const box = card?.getBoundingClientRect();
  if (!box) return null;
  const style =
    direction === 'down'
      ? { left: box.left, top: box.bottom + 2, width: box.width, height: 4 }
      : { left: box.right + 2, top: box.top, width: 4, height: box.height };
  return <div className="drop-place" style={style} />;
}
