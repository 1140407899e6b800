/** The size of a layer that a loss reads, where generated data show how many outputs the loss needs. */
import { fieldsOf } from '../../data/written.ts';
import { losses as lossTypes } from '../../losses/registry.ts';
import type { Json } from '../../schema/attributes.ts';
import { targetIndex } from '../losses.ts';
import type { Subject } from './define.ts';
import { inferred, shapesOf, withWritten } from './tries.ts';

/** The value of an attribute with which the layer gives as many outputs as the data has classes, or values to predict. */
export function outputsNeeded(subject: Subject, layer: string, attribute: string): number | undefined {
  const own = subject.layers.get(layer);
  const { data, losses = [] } = subject.spec.training ?? {};
  const index = losses.findIndex(({ from }) => from.layer === layer && from.output === undefined);
  const targets = (data && fieldsOf(data)?.targets) ?? [];
  const wanted = index < 0 ? undefined : targets[targetIndex(losses[index], index, targets)];
  const size = wanted && (wanted.classes ?? wanted.shape.at(-1));
  const shapes = own && shapesOf(subject, own.from);
  if (!own?.kind || size === undefined || !shapes) return undefined;
  const given: { readonly [name: string]: Json } = { ...own.given, [attribute]: size };
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(own.kind!.attributes, name));
  const attributes = withWritten(own.kind, {}, Object.fromEntries(known));
  const output = attributes && inferred(subject, own.kind, attributes, shapes)?.output;
  if (output?.at(-1) !== size) return undefined;
  const { type, attributes: settings } = losses[index];
  return 'problem' in lossTypes.get(type).infer(settings, output, wanted) ? undefined : size;
}
