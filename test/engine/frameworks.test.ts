/**
 * The counterparts that layers, losses and other kinds declare: names exist, and reading is the inverse of writing on every sample.
 */
import { describe, expect, it } from 'vitest';
import { type LayerDefinition, type Sample, sizeOf } from '../../engine/layers/define.ts';
import { frameworkNames, type LayerCounterpart } from '../../engine/layers/frameworks/counterpart.ts';
import { readTensor, sourcesOf, type Values, writeTensors } from '../../engine/layers/frameworks/tensors.ts';
import { layers } from '../../engine/layers/registry.ts';
import { readAttributes } from '../../engine/layers/standalone.ts';
import { losses } from '../../engine/losses/registry.ts';
import { metrics } from '../../engine/metrics/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import type { AttributeTable, Json } from '../../engine/schema/attributes.ts';
import {
  type Conversion,
  counterpartsOf,
  type Framework,
  nowhere,
  readAttributesOf,
  writeAttributesOf,
} from '../../engine/schema/frameworks.ts';

type Counterpart = LayerCounterpart<AttributeTable>;

const all = [...layers].flatMap((layer) =>
  frameworkNames.flatMap((framework) =>
    counterpartsOf(layer.frameworks, framework).map((counterpart: Counterpart) => ({
      what: `${layer.type} as ${framework}'s ${counterpart.name}`,
      layer,
      counterpart,
    })),
  ),
);

/** The attributes of a sample, and its context in the terms of the other framework. */
function siteOf(layer: LayerDefinition, counterpart: Counterpart, sample: Sample) {
  const values = readAttributes(layer, sample.attributes);
  const inferred = layer.infer(values, sample.inputs);
  if ('problem' in inferred) throw new Error(inferred.problem.message);
  // Each number occurs once, so that a wrongly assembled tensor cannot look right.
  let next = 1;
  const tensors = Object.entries({ ...counterpart.parameters, ...counterpart.state }).flatMap(
    ([name, source]) => {
      const shape = { ...inferred.parameters, ...inferred.state }[name]?.shape;
      if (!shape || !source) return [];
      const ours: Values = { shape, data: new Float64Array(sizeOf(shape)).map(() => next++) };
      return [{ source, ours }];
    },
  );
  const written = writeTensors(tensors);
  const shapes = Object.entries(written).map(([name, { shape }]) => [name, shape]);
  return {
    values,
    inferred,
    tensors,
    written,
    site: { inputs: sample.inputs, tensors: Object.fromEntries(shapes) },
  };
}

/** Attributes that may come back with another value that means the same, such as numbers for "causal". */
const inOtherWords = ['padding', 'stride'];

const isUnstated = ({ attributes = {} }: Counterpart, name: string): boolean =>
  ((attributes as { readonly [name: string]: string | Conversion<never> })[name] as Conversion<never>)
    .unstated !== undefined;

const isInitializer = (layer: LayerDefinition, name: string): boolean => {
  const { control } = layer.attributes[name];
  return control.kind === 'kind' && control.registry.noun === 'initializer';
};

describe.each(all)('$what', ({ layer, counterpart }) => {
  const attributes = Object.keys(counterpart.attributes ?? {});

  it('has a conversion for every attribute that matters to a trained layer, and for no other', () => {
    const lasting = Object.keys(layer.attributes).filter((name) => !isInitializer(layer, name));
    expect(attributes.sort()).toEqual(lasting.sort());
  });

  it('names tensors that the layer has', () => {
    const inferred = layer.samples.map(({ attributes: given, inputs }) =>
      layer.infer(readAttributes(layer, given), inputs),
    );
    const names = (part: 'parameters' | 'state') =>
      inferred.flatMap((one) => Object.keys(('problem' in one ? {} : one)[part] ?? {}));
    for (const part of ['parameters', 'state'] as const)
      for (const name of Object.keys(counterpart[part] ?? {})) expect(names(part)).toContain(name);
  });

  it('reads back what it writes, with every tensor of the layer', () => {
    for (const { sample, values, inferred, site, theirs } of writtenSamples({ layer, counterpart })) {
      // The state from which a sequence continues is not part of a trained layer.
      const state = Object.entries(inferred.state ?? {}).filter(
        ([, { carriesSequence }]) => !carriesSequence,
      );
      const named = Object.keys({ ...counterpart.parameters, ...counterpart.state });
      expect(named).toEqual(expect.arrayContaining(Object.keys(inferred.parameters ?? {})));
      expect(named).toEqual(expect.arrayContaining(state.map(([name]) => name)));
      const read = readAttributesOf(counterpart, theirs, site);
      if (!read) throw new Error(`${sample.name}: cannot be read from ${JSON.stringify(theirs)}`);
      const back = readAttributes(layer, read) as typeof values;
      for (const name of attributes.filter(
        (one) => !inOtherWords.includes(one) && !isUnstated(counterpart, one),
      ))
        expect(back[name], `${sample.name}: ${name}`).toEqual(values[name]);
      const unstated = attributes.filter((name) => isUnstated(counterpart, name));
      const kept = Object.fromEntries(unstated.map((name) => [name, values[name]]));
      const again = layer.infer({ ...back, ...kept }, sample.inputs);
      if ('problem' in again) throw new Error(`${sample.name}: ${again.problem.message}`);
      // Functions among the constants have no identity of their own.
      expect(JSON.stringify([again.output, again.constants]), sample.name).toBe(
        JSON.stringify([inferred.output, inferred.constants]),
      );
      expect(writeAttributesOf(counterpart, back, site), sample.name).toEqual({ attributes: theirs });
    }
  });
});

/** The layer's samples that the counterpart can express, as it writes them. */
function writtenSamples({ layer, counterpart }: Pick<(typeof all)[number], 'layer' | 'counterpart'>) {
  return layer.samples
    .filter(({ inputs: [input] }) => counterpart.rank === undefined || input.length + 1 === counterpart.rank)
    .flatMap((sample) => {
      const stand = siteOf(layer, counterpart, sample);
      const result = writeAttributesOf(counterpart, stand.values, stand.site);
      return 'inexpressible' in result ? [] : [{ sample, ...stand, theirs: result.attributes }];
    });
}

it.each(all)('$what reads its tensors from where it writes them', ({ layer, counterpart }) => {
  for (const { sample, tensors, written } of writtenSamples({ layer, counterpart }))
    for (const { source, ours } of tensors) {
      const terms = sourcesOf(source).map((theirs) => readTensor(theirs, written[theirs.name]).data);
      const sum = ours.data.map((_, i) => terms.reduce((total, term) => total + term[i], 0));
      expect(sum, sample.name).toEqual(ours.data);
    }
});

it.each([...new Set(all.map(({ what }) => what))])('%s writes a sample', (what) => {
  const counterparts = all.filter((one) => one.what === what);
  expect(counterparts.flatMap(writtenSamples).length).toBeGreaterThan(0);
});

describe('what is written', () => {
  const written = (
    type: string,
    framework: Framework,
    attributes: { readonly [name: string]: Json },
    input: readonly number[],
    at = 0,
  ) => {
    const layer = layers.get(type);
    const counterpart = counterpartsOf(layer.frameworks, framework)[at];
    return writeAttributesOf(counterpart, readAttributes(layer, attributes), {
      inputs: [input],
      tensors: {},
    });
  };

  it('has the names and values of the framework', () => {
    expect(written('leakyRelu', 'pytorch', { slope: 0.2 }, [3])).toEqual({
      attributes: { negative_slope: 0.2 },
    });
    expect(written('batchNorm', 'pytorch', { momentum: 0.75 }, [3])).toEqual({
      attributes: { momentum: 0.25, eps: 1e-5, affine: true },
    });
    expect(written('embedding', 'pytorch', { vocabularySize: 5, units: 2 }, [3])).toEqual({
      attributes: { num_embeddings: 5, embedding_dim: 2, padding_idx: null },
    });
    expect(
      written(
        'conv2d',
        'onnx',
        {
          filters: 4,
          kernelSize: 3,
          stride: [1, 2],
          padding: [
            [1, 2],
            [3, 4],
          ],
        },
        [9, 9, 2],
      ),
    ).toEqual({
      attributes: { kernel_shape: [3, 3], strides: [1, 2], pads: [1, 3, 2, 4], dilations: [1, 1], group: 1 },
    });
    expect(
      written('conv1d', 'onnx', { filters: 4, kernelSize: 3, dilation: 2, padding: 'causal' }, [9, 2]),
    ).toEqual({
      attributes: { kernel_shape: [3], strides: [1], pads: [4, 0], dilations: [2], group: 1 },
    });
    expect(written('maxPool2d', 'onnx', { poolSize: [2, 3] }, [6, 6, 1])).toEqual({
      attributes: { kernel_shape: [2, 3], strides: [2, 3], dilations: [1, 1], ceil_mode: 0 },
    });
    expect(written('layerNorm', 'pytorch', { axes: 2, center: false }, [4, 3, 2])).toEqual({
      attributes: { normalized_shape: [3, 2], eps: 1e-5, elementwise_affine: true, bias: false },
    });
    expect(written('depthwiseConv2d', 'pytorch', { kernelSize: 3, multiplier: 2 }, [4, 4, 3])).toMatchObject({
      attributes: { out_channels: 6, groups: 3 },
    });
  });

  it('says which attributes the framework cannot express', () => {
    expect(
      written('conv2d', 'pytorch', { filters: 1, kernelSize: 2, padding: 'same', stride: 2 }, [4, 4, 1]),
    ).toEqual({
      inexpressible: ['padding'],
    });
    expect(written('gelu', 'keras', { approximation: 'tanh' }, [3])).toEqual({
      inexpressible: ['approximation'],
    });
    expect(written('averagePool2d', 'keras', { countPadding: true, dilation: 2 }, [6, 6, 1])).toEqual({
      inexpressible: ['dilation', 'countPadding'],
    });
  });

  it('is refused if the framework has a value that the layer cannot have', () => {
    const [selu] = counterpartsOf(layers.get('selu').frameworks, 'onnx');
    expect(readAttributesOf(selu, { alpha: 2 }, { inputs: [[3]], tensors: {} })).toBeUndefined();
    expect(readAttributesOf(selu, {}, { inputs: [[3]], tensors: {} })).toEqual({});
  });
});

const scheduleTypes = Object.fromEntries(schedules.types.map((type) => [type, true]));

/** Settings of schedules and metrics, each for those that have all of its attributes. */
const settings: readonly { readonly [name: string]: Json }[] = [
  { milestones: [3, 5], factor: 0.5 },
  { every: 4, factor: 0.5 },
  { decay: 0.75 },
  { epochs: 3, start: 0.25 },
  { minimum: 0.25 },
  { restartEpochs: 3, restartGrowth: 2 },
  { rise: 0.25, startDivisor: 10, finalDivisor: 100 },
  { factor: 0.5, patience: 3, threshold: 0.01, cooldown: 2 },
  { threshold: 0.25 },
  { k: 3 },
];

/** A schedule may depend on the epochs and the learning rate of a training. */
const aTraining = { ...nowhere, training: { learningRate: 0.5, epochs: 8 } };

/** PyTorch has no default for these lengths. */
const lengths = { T_max: aTraining.training.epochs, T_0: 3 };

/** Kinds that depend on no place in a network, with the attributes of their samples. */
const others = [
  ...[...optimizers].map((kind) => {
    // Numbers that differ from each other and from every default.
    const numbers = Object.entries(kind.attributes)
      .filter(([, { control }]) => control.kind === 'number')
      .map(([name], index): [string, Json] => [name, (index + 1) / 64]);
    return { registry: optimizers, kind, samples: [{}, Object.fromEntries(numbers)] };
  }),
  ...[...schedules, ...metrics].map((kind) => ({
    registry: kind.type in scheduleTypes ? schedules : metrics,
    kind,
    samples: [{}, ...settings].filter((given) => Object.keys(given).every((name) => name in kind.attributes)),
  })),
  ...[...losses].map((kind) => ({
    registry: losses,
    kind,
    samples: kind.samples.map(({ attributes = {} }) => attributes),
  })),
];

describe.each(
  others.flatMap(({ kind, ...rest }) =>
    frameworkNames.flatMap((framework) =>
      counterpartsOf<Counterpart>(kind.frameworks, framework).map((counterpart) => ({
        what: `${kind.type} as ${framework}'s ${counterpart.name}`,
        kind,
        counterpart,
        ...rest,
      })),
    ),
  ),
)('$what', ({ registry, kind: { type, attributes }, counterpart, samples }) => {
  it('has a conversion for every attribute, and reads back what it writes', () => {
    expect(Object.keys(counterpart.attributes ?? {}).sort()).toEqual(Object.keys(attributes).sort());
    let written = 0;
    for (const given of samples) {
      const values = registry.read({ type, ...given });
      if ('problems' in values) throw new Error(JSON.stringify(values.problems));
      const theirs = writeAttributesOf(counterpart, values.value.attributes, aTraining);
      if ('inexpressible' in theirs) continue;
      written++;
      const read = readAttributesOf(counterpart, theirs.attributes, aTraining);
      const unstated = Object.entries(values.value.attributes).filter(([name]) =>
        isUnstated(counterpart, name),
      );
      expect(registry.read({ type, ...read, ...Object.fromEntries(unstated) } as Json)).toEqual(values);
    }
    expect(written).toBeGreaterThan(0);
  });

  it('has the defaults of the framework wherever the framework leaves a value out', () => {
    // A name alone, without a default, is an attribute that must be stated.
    const defaults = registry.read({ type });
    if ('problems' in defaults) throw new Error(JSON.stringify(defaults.problems));
    const stated = Object.entries(counterpart.attributes ?? {}).flatMap(([ours, theirs]) =>
      typeof theirs === 'string' ? [[theirs, defaults.value.attributes[ours]]] : [],
    );
    const read = readAttributesOf(
      counterpart,
      { ...counterpart.required, ...lengths, ...Object.fromEntries(stated) },
      aTraining,
    );
    expect(Object.keys(read ?? {}).sort()).toEqual(Object.keys(attributes).sort());
  });
});
