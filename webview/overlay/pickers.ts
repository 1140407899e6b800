/** The lists one searches in: layers to add, inputs to connect to. */

import * as l10n from '@vscode/l10n';
import { connectProblem } from '../../engine/graph/connect.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { addLayer, connect, type EdgeEnd, type Place } from '../model/gestures.ts';
import { inputSlots, type NetworkView } from '../model/network.ts';
import { type Picker, useOverlay } from '../model/overlay.ts';
import { categoryColour, paletteGroups } from '../theme/categories.ts';

/** Adds a layer and brings it into view. */
export async function add(type: string, place: Place): Promise<void> {
  if (!(await perform((view) => addLayer(view, type, place)))) return;
  const [name] = useEditor.getState().selection;
  if (name !== undefined) canvasControls.current?.show(name);
}

export function pickNewLayer(place: Place, at?: Picker['at']): void {
  if (!isEditable(useEditor.getState())) return;
  const items = paletteGroups().flatMap(({ label, layers }) =>
    layers.map((layer) => ({
      id: layer.type,
      label: layer.label,
      description: label,
      icon: layer.icon,
      colour: categoryColour(layer.category),
    })),
  );
  open({ title: l10n.t('Add layer'), items, ...(at ? { at } : {}), pick: (type) => void add(type, place) });
}

/** Where `from` may lead, by keyboard; inputs it does not fit say why. */
export function pickConnection(view: NetworkView, from: OutputRef, at?: Picker['at']): void {
  const ends = new Map<string, EdgeEnd>();
  const items = view.layers.flatMap((layer) =>
    layer.name === from.layer
      ? []
      : inputSlots(layer).map(({ index, label, ref }) => {
          const id = `${layer.name}:${index}`;
          ends.set(id, { to: layer.name, index });
          return {
            id,
            label: inputSlots(layer).length > 1 ? `${layer.name} · ${label}` : layer.name,
            description: ref
              ? l10n.t('now reads {0}', printReference(ref))
              : layer.typed
                ? shortShapeText(layer.typed.inferred.output)
                : l10n.t('free'),
            icon: layer.definition?.icon ?? 'question',
            colour: categoryColour(layer.definition?.category),
            refusal: connectProblem(view.analysis, from, layer.name, index),
          };
        }),
  );
  const pick = (id: string) => {
    const end = ends.get(id);
    if (end) void perform(() => connect(from, end));
  };
  open({ title: l10n.t('Connect {0} to', printReference(from)), items, ...(at ? { at } : {}), pick });
}

const open = (picker: Picker): void => useOverlay.setState({ picker, menu: undefined });
