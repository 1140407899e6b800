/** The panel on the right: the selected layer, or the network and its training when none is selected. */
import * as l10n from '@vscode/l10n';
import { Splitter } from '../controls/Splitter.tsx';
import { perform } from '../host.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import type { LayerView } from '../model/network.ts';
import { inspectorKey, usePanels } from '../model/panels.ts';
import { setForAll, sharedAttributes } from '../model/sharedAttributes.ts';
import { drawingOf, useUnfolded } from '../model/unfolding.ts';
import { useNarrow } from '../theme/useNarrow.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { InspectorHeader } from './InspectorHeader.tsx';
import { LayerInspector } from './LayerInspector.tsx';
import { NetworkInspector } from './NetworkInspector.tsx';
import { PartInspector } from './PartInspector.tsx';
import { Section } from './Section.tsx';
import { duplicateAndRemoveButtons } from './selectionButtons.tsx';

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
      <section className="inspector" style={{ width }} aria-label={l10n.t('Inspector')}>
        <Content />
      </section>
    </>
  );
}

function Content() {
  const view = useEditor((state) => state.view);
  const selection = useEditor((state) => state.selection);
  const editable = useEditor(isEditable);
  useUnfolded();
  if (!view) return null;
  const drawn = selection.length === 1 ? drawingOf(view).byName.get(selection[0]) : undefined;
  if (drawn?.block !== undefined) return <PartInspector key={drawn.layer.name} view={view} part={drawn} />;
  const layer = selection.length === 1 ? view.byName.get(selection[0]) : undefined;
  if (layer) return <LayerInspector key={layer.name} view={view} layer={layer} editable={editable} />;
  if (selection.length > 1)
    return (
      <Several
        key={selection.join('.')}
        layers={selection.flatMap((name) => view.byName.get(name) ?? [])}
        editable={editable}
      />
    );
  return <NetworkInspector view={view} editable={editable} />;
}

/** Attributes that all selected layers have are set for all of them in one edit. */
function Several({
  layers,
  editable,
}: {
  readonly layers: readonly LayerView[];
  readonly editable: boolean;
}) {
  const names = layers.map(({ name }) => name);
  const { table, given, mixed } = sharedAttributes(layers);
  return (
    <>
      <InspectorHeader icon="layers" title={l10n.t('{0} layers', names.length)} />
      <p className="muted inspector-part">{names.join(', ')}</p>
      <div className="button-row inspector-part">{duplicateAndRemoveButtons(names, editable)}</div>
      <Section title={l10n.t('Attributes of all selected layers')}>
        <AttributeForm
          table={table}
          given={given}
          mixed={mixed}
          disabled={!editable}
          onCommit={(attribute, value) => void perform(() => setForAll(names, attribute, value))}
        />
      </Section>
    </>
  );
}
