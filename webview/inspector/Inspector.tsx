/** The panel on the right: the selected layer, or the network and its training when none is selected. */
import * as l10n from '@vscode/l10n';
import { afterOpening } from '../controls/onDemand.tsx';
import { Splitter } from '../controls/Splitter.tsx';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { inspectorKey, usePanels } from '../model/panels.ts';
import { useNarrow } from '../theme/useNarrow.ts';
import { NetworkInspector } from './NetworkInspector.tsx';

/** A network opens with nothing selected. */
const SelectionInspector = afterOpening(
  () => import('./SelectionInspector.tsx'),
  ({ SelectionInspector }) => SelectionInspector,
  'inspector-part',
);

export function Inspector() {
  const panels = usePanels();
  const narrow = useNarrow();
  const { inspectorWidth: width } = panels;
  if (!panels[inspectorKey(narrow)]) return null;
  return (
    <>
      <Splitter
        label={l10n.t('Width of the inspector')}
        orientation="vertical"
        size={width}
        min={220}
        max={560}
        onResize={(inspectorWidth) => usePanels.setState({ inspectorWidth })}
      />
      {/* Escape leads back from the controls inside to the graph. */}
      <section
        className="inspector"
        style={{ width }}
        aria-label={l10n.t('Inspector')}
        onKeyDown={({ key, defaultPrevented }) => {
          if (key === 'Escape' && !defaultPrevented) canvasControls.current?.focus();
        }}
      >
        <Content />
      </section>
    </>
  );
}

function Content() {
  const view = useEditor((state) => state.view);
  const selected = useEditor(({ selection }) => selection.length > 0);
  const editable = useEditor(isEditable);
  if (!view) return null;
  return selected ? (
    <SelectionInspector view={view} editable={editable} />
  ) : (
    <NetworkInspector view={view} editable={editable} />
  );
}
