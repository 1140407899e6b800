/** The problems that analysis found, each with an icon and its full message. */
import type { Diagnostic } from '../../engine/spec/document.ts';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';

export function Problems({
  problems,
  linked = false,
}: {
  readonly problems: readonly Diagnostic[];
  readonly linked?: boolean;
}) {
  if (problems.length === 0) return null;
  return (
    <ul className="problems">
      {problems.map(({ code, severity, message, layer, path, fix }) => (
        <li key={`${code} ${path.join('.')}`} className={severity}>
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
  canvasControls.current?.centre(layer);
}
