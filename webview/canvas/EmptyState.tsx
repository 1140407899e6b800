/** An empty network: how to begin. */
import * as l10n from '@vscode/l10n';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { starters, startWith } from '../model/starters.ts';
import { canvasControls } from './controls.ts';

export function EmptyState() {
  const empty = useEditor((state) => isEditable(state) && state.view?.layers.length === 0);
  if (!empty) return null;
  return (
    <div className="empty-state">
      <h2>{l10n.t('Draw your first network')}</h2>
      <p className="muted">
        {l10n.t(
          'Drag layers in from the left, or press / to search for one. Or begin with one of these, which bring their own data:',
        )}
      </p>
      <div className="starters">
        {starters().map((starter) => (
          <button
            key={starter.title}
            type="button"
            className="starter"
            onClick={() =>
              void perform((view) => startWith(view, starter)).then(() =>
                requestAnimationFrame(() => canvasControls.current?.fit()),
              )
            }
          >
            <Icon name={starter.icon} />
            <strong>{starter.title}</strong>
            <span className="muted">{starter.description}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
