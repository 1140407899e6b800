/** The problems of a text and the findings of its run, the gravest first, each with an icon and its full message. */
import * as l10n from '@vscode/l10n';
import { useReducer } from 'react';
import { bySeverity } from '../../engine/schema/severity.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';

/** How many are shown first. More would hide what is below them. */
const most = 4;

export function Problems({
  problems,
  linked = false,
}: {
  readonly problems: readonly Diagnostic[];
  readonly linked?: boolean;
}) {
  const [showsAll, showAll] = useReducer(() => true, false);
  if (problems.length === 0) return null;
  const ordered = problems.toSorted(bySeverity);
  // A button takes as much room as one problem.
  const shown = showsAll || ordered.length <= most + 1 ? ordered : ordered.slice(0, most);
  return (
    <ul className="problems">
      {shown.map(({ code, severity, message, layer, path, fix }) => (
        // Layers of all uses of a block have the same place.
        <li key={`${code} ${layer} ${path.join('.')} ${message}`} className={severity}>
          <Icon name={severity} className="problem-sign" />
          {linked && layer !== undefined ? (
            <button type="button" className="text-button" onClick={() => reveal(layer)}>
              {message}
            </button>
          ) : (
            <span>{message}</span>
          )}
          {fix && <FixButton fix={fix} />}
        </li>
      ))}
      {shown.length < ordered.length && (
        <li>
          <button type="button" className="text-button problem-fix" onClick={showAll}>
            <Icon name="chevron-down" />
            {l10n.t('Show {0} more', ordered.length - shown.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Fixes of problems that are shown beside their fields. */
export function Fixes({ problems }: { readonly problems: readonly Diagnostic[] }) {
  const fixes = problems.flatMap(({ fix }) => fix ?? []);
  if (fixes.length === 0) return null;
  return (
    <div className="problem-fixes">
      {fixes.map((fix) => (
        <FixButton key={fix.title} fix={fix} />
      ))}
    </div>
  );
}

/** The same edit as the quick fix in the text. */
function FixButton({ fix }: Required<Pick<Diagnostic, 'fix'>>) {
  const editable = useEditor(isEditable);
  return (
    <button
      type="button"
      className="text-button problem-fix"
      disabled={!editable}
      onClick={() => void perform(() => ({ edit: fix.edit }))}
    >
      <Icon name="lightbulb" />
      {fix.title}
    </button>
  );
}

function reveal(layer: string): void {
  select([layer]);
  canvasControls.current?.lookAt(layer);
}
