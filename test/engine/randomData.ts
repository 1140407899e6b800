/** Random inputs and targets that fit a network, for tests to which the values do not matter. */
import type { Dataset, Field, Split } from '../../engine/data/define.ts';
import type { Analysis, TypedLayer } from '../../engine/graph/typed.ts';
import { purposeOf, Random } from '../../engine/kernels/random.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { TargetSpec } from '../../engine/losses/define.ts';
import { losses } from '../../engine/losses/registry.ts';
import type { TrainingSpec } from '../../engine/spec/document.ts';

/** Random inputs and targets of the shapes that the network's inputs and losses have. */
export function randomData({ graph }: Analysis, training: TrainingSpec): Dataset {
  const inputs = graph.layers
    .filter(({ from }) => from.length === 0)
    .map((layer) => inputField(layer, graph.layers));
  const targets = training.losses.map((loss, index): Field & TargetSpec => {
    const prediction = (graph.byName.get(loss.from.layer) as TypedLayer).inferred.output;
    const inferred = losses.get(loss.type).infer(loss.attributes, prediction, undefined);
    if ('problem' in inferred) throw new Error(inferred.problem.message);
    return { name: `target ${index + 1}`, ...inferred.target };
  });
  const size = 1000;
  const split: Split = {
    size,
    fill(indices, count, buffers) {
      for (let row = 0; row < count; row++) {
        const random = new Random(1, purposeOf('sample'), indices[row]);
        for (const [i, field] of inputs.entries())
          fillRow(buffers.inputs[i], row, field, field.indicesBelow, random);
        for (const [i, field] of targets.entries())
          fillRow(buffers.targets[i], row, field, field.classes, random);
      }
    },
  };
  return { inputs, targets, train: split, test: split };
}

/** Values for an input that layers compute with, whole numbers for one that is looked up in a table. */
function inputField({ name, inferred }: TypedLayer, layers: readonly TypedLayer[]): Field {
  const reader = layers.find(({ from }) => from.some(({ layer }) => layer === name));
  const rows = reader?.spec.attributes.vocabularySize;
  return { name, shape: inferred.output, ...(rows === undefined ? {} : { indicesBelow: Number(rows) }) };
}

function fillRow(
  values: Float32Array | Float64Array | Int32Array,
  row: number,
  { shape }: Field,
  below: number | undefined,
  random: Random,
): void {
  const length = sizeOf(shape);
  for (let i = row * length; i < (row + 1) * length; i++)
    values[i] = below === undefined ? random.normal() : random.below(below);
}
