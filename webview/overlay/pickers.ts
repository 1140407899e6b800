/** The lists to search in: layers to add, inputs to connect to. */

import * as l10n from '@vscode/l10n';
import { connectProblem } from '../../engine/graph/connect.ts';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { card, cardHeight } from '../model/cardSizes.ts';
import { replaceLayers } from '../model/changingLayers.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';
import { misfit, misfitInPlace } from '../model/fitting.ts';
import { freePlace } from '../model/freePlace.ts';
import type { Point } from '../model/geometry.ts';
import { addLayer, connect, type EdgeEnd, type Place } from '../model/gestures.ts';
import { searchableKind } from '../model/layerSearch.ts';
import { inputSlots, type NetworkView, worstSeverity } from '../model/network.ts';
import { type Picker, type PickerItem, useOverlay } from '../model/overlay.ts';
import { usePanels } from '../model/panels.ts';
import { categoryColour, paletteGroups } from '../theme/categories.ts';

/** Adds a layer. The view moves only if the layer would otherwise be out of view. */
export async function add(type: string, place: Place): Promise<void> {
  const add = (view: NetworkView) => addLayer(view, type, place, useEditor.getState().inputShape);
  if (!(await perform(add))) return;
  const [name] = useEditor.getState().selection;
  if (name !== undefined) requestAnimationFrame(() => canvasControls.current?.goTo(name));
}

/**
 * A card that was searched for lies with its middle under the pointer, or with its input if a connection was dropped there. It covers
 * no other card: unlike one that is dragged, it could not be seen before.
 */
function underPointer(view: NetworkView, type: string, place: Place): Place {
  if (place.place !== 'point') return place;
  const height = cardHeight(view.analysis.spec.kinds.get(type));
  const [x, y] = place.position;
  const down = usePanels.getState().direction === 'down';
  const corner: Point = !place.from
    ? [x - card.width / 2, y - height / 2]
    : down
      ? [x - card.width / 2, y]
      : [x, y - card.row / 2];
  const controls = canvasControls.current;
  const cards = view.layers.flatMap(({ name }) => controls?.box(name) ?? []);
  return { ...place, position: freePlace(corner, [card.width, height], cards) };
}

/** Every kind as a row. `refusal` returns the reason why a kind does not fit. Kinds of the category `first` come first. */
const kindItems = (
  view: NetworkView,
  refusal: (definition: LayerDefinition) => string | undefined,
  first?: string,
): PickerItem[] =>
  paletteGroups(view.analysis.spec.kinds)
    .toSorted((a, b) => Number(b.category === first) - Number(a.category === first))
    .flatMap(({ label, layers }) =>
      layers.map((layer) => {
        const { names, words = [] } = searchableKind(layer, label);
        return {
          id: layer.type,
          label: layer.label,
          search: { names, words },
          description: label,
          icon: layer.icon,
          colour: categoryColour(layer.category),
          refusal: refusal(layer),
        };
      }),
    );

/** Of a place on the canvas, the position is that of the pointer. */
export function pickNewLayer(place: Place, at?: Picker['at']): void {
  const state = useEditor.getState();
  if (!isEditable(state)) return;
  open({
    title: l10n.t('Add layer'),
    items: kindItems(state.view!, (definition) => misfit(state.view!, definition, place)),
    fitting: true,
    ...(at ? { at } : {}),
    pick: (type) => void add(type, underPointer(useEditor.getState().view ?? state.view!, type, place)),
  });
}

/** Replaces the kind of layers with one that fits all of them. */
export function pickReplacement(names: readonly string[], at?: Picker['at']): void {
  const state = useEditor.getState();
  const layers = names.flatMap((name) => state.view?.byName.get(name) ?? []);
  if (!isEditable(state) || layers.length === 0) return;
  const refusal = (definition: LayerDefinition) =>
    layers
      .map((layer) => misfitInPlace(state.view!, layer, definition))
      .find((message) => message !== undefined);
  const same = (type: string) => layers.every((layer) => layer.type === type);
  open({
    title:
      layers.length === 1
        ? l10n.t('Replace {0} with', layers[0].name)
        : l10n.t('Replace {0} layers with', layers.length),
    items: kindItems(state.view!, refusal, layers[0].definition?.category).filter(({ id }) => !same(id)),
    fitting: true,
    ...(at ? { at } : {}),
    pick: (type) => void perform((view) => replaceLayers(view, names, type)),
  });
}

/** Layers by name, kind, shape and finding. */
export function pickLayerToFind(): void {
  const { view } = useEditor.getState();
  if (!view) return;
  const items = view.layers.map((layer): PickerItem => {
    const { name, type, definition, typed, problems } = layer;
    const severity = worstSeverity(problems);
    const kind = definition?.label ?? type;
    const shape = typed ? shortShapeText(typed.inferred.output) : '?';
    const finding =
      severity === 'error' ? l10n.t('has an error') : severity ? l10n.t('has a warning') : undefined;
    return {
      id: name,
      label: name,
      search: {
        names: [name],
        words: [
          type,
          ...(definition?.synonyms ?? []),
          ...(finding ? [finding, l10n.t('has a finding')] : []),
          ...problems.map(({ message }) => message),
        ],
      },
      description: [kind, shape, finding].filter(Boolean).join(' · '),
      icon: severity ?? definition?.icon ?? 'question',
      colour: severity ? `var(--${severity})` : categoryColour(definition?.category),
    };
  });
  open({
    title: l10n.t('Find a layer by name, type, shape or "finding"'),
    items,
    pick: (name) => {
      select([name]);
      canvasControls.current?.lookAt(name);
    },
  });
}

/**
 * Inputs to which `from` can be connected by keyboard, free ones first, and those that do not fit, with the reason. Those that read it
 * already are omitted.
 */
export function pickConnection(view: NetworkView, from: OutputRef, at?: Picker['at']): void {
  const ends = new Map<string, EdgeEnd>();
  const others = view.layers.filter(({ name }) => name !== from.layer);
  const slots = others.flatMap((layer) =>
    inputSlots(layer)
      .filter(({ ref }) => !ref || printReference(ref) !== printReference(from))
      .map((slot) => ({ ...slot, layer })),
  );
  const free = (slot: (typeof slots)[number]) => Number(slot.ref === undefined);
  const items = slots
    .toSorted((a, b) => free(b) - free(a))
    .map(({ layer, index, label, ref }) => {
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
    });
  const pick = (id: string) => {
    const end = ends.get(id);
    if (end) void perform(() => connect(from, end));
  };
  open({ title: l10n.t('Connect {0} to', printReference(from)), items, ...(at ? { at } : {}), pick });
}

const open = (picker: Picker): void => useOverlay.setState({ picker, menu: undefined });
