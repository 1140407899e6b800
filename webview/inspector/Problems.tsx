/** What analysis found, each with its sign and its whole message. */
import type { Diagnostic } from '../../engine/spec/document.ts';
import { Icon } from '../controls/Icon.tsx';
import { canvasControls } from '../model/canvasControls.ts';
import { select } from '../model/editor.ts';

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
      {problems.map(({ code, severity, message, layer, path }) => (
        <li key={`${code} ${path.join('.')}`} className={severity}>
          <Icon name={severity} className="problem-sign" />
          {linked && layer !== undefined ? (
            <button type="button" className="text-button" onClick={() => reveal(layer)}>
              {message}
            </button>
          ) : (
            <span>{message}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function reveal(layer: string): void {
  select([layer]);
  canvasControls.current?.centre(layer);
}
