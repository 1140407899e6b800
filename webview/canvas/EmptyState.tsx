/** Shown for an empty network: how to begin. */
import * as l10n from '@vscode/l10n';
import { starters } from '../../engine/templates/registry.ts';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { startWith } from '../model/starters.ts';

export function EmptyState() {
  return (
    <div className="empty-state">
      <h2>{l10n.t('Draw your first network')}</h2>
      <p className="muted">
        {l10n.t(
          'Drag layers in from the left, or press / to search for one. Or start with one of these, which come with their own data:',
        )}
      </p>
      <div className="starters">
        {starters
          .map((template) => ({ template, ...template.describe() }))
          .map(({ template, label, detail }) => (
            <button
              key={template.type}
              type="button"
              className="starter"
              onClick={() =>
                void perform((view) => startWith(view, template)).then(() =>
                  requestAnimationFrame(() => canvasControls.current?.fit()),
                )
              }
            >
              <Icon name={template.icon} />
              <strong>{label}</strong>
              <span className="muted">{detail}</span>
            </button>
          ))}
      </div>
    </div>
  );
}
