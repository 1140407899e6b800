/** Determines which kinds of layer fit at a position, with the attributes that a new layer would start with. */
import * as l10n from '@vscode/l10n';
import { inferLayer } from '../../engine/graph/infer.ts';
import { arityOf } from '../../engine/graph/ports.ts';
import type { Inferred, LayerDefinition, Shape } from '../../engine/layers/define.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { startingAttributes } from '../../engine/spec/startingValues.ts';
import { type EdgeEnd, joinsInputs, type Place, resolve } from './gestures.ts';
import { type LayerView, type NetworkView, shapeOf } from './network.ts';
import type { RawValues } from './values.ts';

/** The reason why a new layer of this kind would not work there; undefined if it would, or if that is unknown. */
export function misfit(view: NetworkView, definition: LayerDefinition, place: Place): string | undefined {
  if (definition.type === view.inside?.block.name) return l10n.t('a block cannot contain itself');
  const { from, reader } = resolve(view, place, joinsInputs(definition));
  const inferred = tryOut(view, definition, startingAttributes(definition, definition.samples[0]), from);
  if (!inferred) return undefined;
  if ('message' in inferred) return inferred.message;
  return reader && refusedBy(view, reader, inferred.output);
}

/** The same for a kind that would replace a layer, with the attributes that it would keep. */
export function misfitInPlace(
  view: NetworkView,
  { given, from }: LayerView,
  definition: LayerDefinition,
): string | undefined {
  const kept = Object.entries(given).filter(
    ([name, value]) =>
      Object.hasOwn(definition.attributes, name) && 'value' in definition.attributes[name].read(value),
  );
  const attributes = {
    ...startingAttributes(definition, definition.samples[0]),
    ...Object.fromEntries(kept),
  };
  const inferred = tryOut(view, definition, attributes, from.slice(0, arityOf(definition).max));
  return inferred && 'message' in inferred ? inferred.message : undefined;
}

type Tried = Inferred | { readonly message: string } | undefined;

function tryOut(
  view: NetworkView,
  definition: LayerDefinition,
  attributes: RawValues,
  from: readonly OutputRef[],
): Tried {
  const { min, max } = arityOf(definition);
  if (max === 0) return from.length > 0 ? { message: l10n.t('takes no input') } : undefined;
  const shapes = from.map((ref) => shapeOf(view, ref));
  const reading = view.analysis.spec.kinds.read({ type: definition.type, ...attributes });
  // Only the whole analysis can determine the shapes of a block.
  if (definition.category === 'block') return undefined;
  if (from.length < min || !allKnown(shapes) || 'problems' in reading) return undefined;
  const inferred = inferLayer(definition, reading.value, shapes);
  return 'problem' in inferred ? { message: inferred.problem.message } : inferred;
}

/** Why the current reader cannot read this shape. */
function refusedBy(view: NetworkView, { to, index }: EdgeEnd, shape: Shape): string | undefined {
  const reader = view.byName.get(to);
  if (!reader?.definition || !reader.typed) return undefined;
  const shapes = reader.from.map((ref, at) => (at === index ? shape : shapeOf(view, ref)));
  if (!allKnown(shapes) || reader.definition.category === 'block') return undefined;
  const inferred = inferLayer(reader.definition, reader.typed.spec, shapes);
  return 'problem' in inferred ? `${to}: ${inferred.problem.message}` : undefined;
}

const allKnown = (shapes: readonly (Shape | undefined)[]): shapes is readonly Shape[] =>
  shapes.every((shape) => shape !== undefined);
