/** The inspector of what is selected: a layer, a layer in the frame of an unfolded block, or several layers. */
import * as l10n from '@vscode/l10n';
import { parametersOf } from '../../engine/spec/blockParameters.ts';
import { perform } from '../host.ts';
import { useEditor } from '../model/editor.ts';
import type { NetworkView } from '../model/network.ts';
import { setForAll, settable, sharedAttributes } from '../model/sharedAttributes.ts';
import { type Drawn, drawingOf, isCopyInBlock, useUnfolded } from '../model/unfolding.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { Compared } from './Compared.tsx';
import { InspectorHeader } from './InspectorHeader.tsx';
import { LayerInspector } from './LayerInspector.tsx';
import { NetworkInspector } from './NetworkInspector.tsx';
import { PartInspector } from './PartInspector.tsx';
import { Section } from './Section.tsx';
import { duplicateAndRemoveButtons } from './selectionButtons.tsx';

interface SelectionInspectorProps {
  readonly view: NetworkView;
  readonly editable: boolean;
}

export function SelectionInspector({ view, editable }: SelectionInspectorProps) {
  const selection = useEditor((state) => state.selection);
  useUnfolded();
  if (selection.length > 1)
    return <Several key={selection.join('.')} view={view} selection={selection} editable={editable} />;
  const drawn = drawingOf(view).byName.get(selection[0]);
  if (drawn && isInBlock(drawn))
    return <PartInspector key={drawn.layer.name} view={view} part={drawn} editable={editable} />;
  const layer = view.byName.get(selection[0]);
  if (layer) return <LayerInspector key={layer.name} view={view} layer={layer} editable={editable} />;
  // What was selected is no longer there.
  return <NetworkInspector view={view} editable={editable} />;
}

const isInBlock = (drawn: Drawn): drawn is Drawn & { readonly block: string } => drawn.block !== undefined;

/** Attributes that all of them have are set for all of them in one edit. Each part says which of the selected layers it means. */
function Several({
  view,
  selection,
  editable,
}: SelectionInspectorProps & { readonly selection: readonly string[] }) {
  const chosen = settable(view, selection);
  const { table, given, mixed } = sharedAttributes(chosen.map(({ layer }) => layer));
  const own = selection.filter((name) => view.byName.has(name));
  const { byName } = drawingOf(view);
  const copies = selection.filter((name) => isCopyInBlock(byName.get(name)));
  const [first] = chosen;
  const block = chosen.every((one) => one.block === first.block) ? first?.block : undefined;
  return (
    <>
      <InspectorHeader icon="layers" title={l10n.t('{0} layers', selection.length)} />
      <p className="muted inspector-part">{selection.join(', ')}</p>
      {own.length > 0 && (
        <div className="inspector-part">
          {own.length < selection.length && (
            <p className="muted">{l10n.t('Only these can be duplicated or deleted: {0}', own.join(', '))}</p>
          )}
          <div className="button-row">{duplicateAndRemoveButtons(own, editable)}</div>
        </div>
      )}
      <Compared names={selection} />
      {chosen.length + copies.length > 0 && (
        <Section title={whose(selection.length, copies.length)}>
          {own.length + copies.length < selection.length && (
            <p className="muted">{l10n.t('Attributes of layers in a block are those of all its uses.')}</p>
          )}
          {copies.length > 0 && (
            <p className="muted">
              {l10n.t(
                'These copies of a block are left out, because they have the attributes of the use that repeats it: {0}',
                copies.join(', '),
              )}
            </p>
          )}
          {chosen.length > 0 && (
            <AttributeForm
              table={table}
              given={given}
              mixed={mixed}
              disabled={!editable}
              parameters={block && parametersOf(block)}
              onCommit={(attribute, value) => void perform(() => setForAll(chosen, attribute, value))}
            />
          )}
        </Section>
      )}
    </>
  );
}

const whose = (selected: number, copies: number): string =>
  copies === 0
    ? l10n.t('Attributes of all {0} layers', selected)
    : l10n.t('Attributes of {0} of the {1} layers', selected - copies, selected);
