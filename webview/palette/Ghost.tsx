/** The layer type that follows the pointer while it is dragged, and what letting go would do. */
import * as l10n from '@vscode/l10n';
import { createPortal } from 'react-dom';
import { layers as registry } from '../../engine/layers/registry.ts';
import { Icon } from '../controls/Icon.tsx';
import { type PaletteDrag, useOverlay } from '../model/overlay.ts';
import { categoryColour } from '../theme/categories.ts';

const outcomes: { readonly [K in PaletteDrag['over']['kind']]: () => string } = {
  nothing: () => l10n.t('Drop on the canvas'),
  canvas: () => l10n.t('Add here'),
  edge: () => l10n.t('Insert into this connection'),
};

export function Ghost() {
  const drag = useOverlay((overlay) => overlay.drag);
  if (!drag) return null;
  const { label, icon, category } = registry.get(drag.type);
  return createPortal(
    <div className={`ghost ${drag.over.kind}`} style={{ transform: `translate(${drag.x}px, ${drag.y}px)` }}>
      <div className="ghost-card">
        <Icon name={icon} colour={categoryColour(category)} />
        <span>{label}</span>
      </div>
      <div className="ghost-hint">{outcomes[drag.over.kind]()}</div>
    </div>,
    document.body,
  );
}
