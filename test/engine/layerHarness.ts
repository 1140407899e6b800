/**
 * What must hold for every layer on every sample, whatever it computes. Each property is one function that
 * throws with what it found; `checkLayer` runs them all.
 */

import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import type { LayerDefinition, Sample, Tensor } from '../../engine/layers/define.ts';
import { StandaloneLayer, type StandaloneSettings } from '../../engine/layers/standalone.ts';
import { type Direction, directionsOf, slope } from './slopes.ts';

const batch = 3;

type Named = { readonly [name: string]: Tensor };

export function standOn(
  definition: LayerDefinition,
  sample: Sample,
  settings: Partial<StandaloneSettings> = {},
): StandaloneLayer {
  const layer = new StandaloneLayer({
    definition,
    inputs: sample.inputs,
    batch,
    float: 'float64',
    kernels: referenceKernels,
    withoutInputGradients: sample.indicesBelow !== undefined,
    ...(sample.attributes ? { attributes: sample.attributes } : {}),
    ...(sample.lengths ? { lengths: sample.lengths } : {}),
    ...settings,
  });
  fillWithNoise(layer, sample);
  return layer;
}

/** Fills buffers with seeded numbers if the layer reads them, and with NaN if the layer must write before it reads. */
function fillWithNoise({ pass }: StandaloneLayer, sample: Sample): void {
  const random = new Random(7);
  const { indicesBelow } = sample;
  const fill = (values: FloatArray, draw: () => number): void => {
    for (let i = 0; i < values.length; i++) values[i] = draw();
  };
  const normal = (): number => random.normal();
  for (const { data } of pass.inputs) fill(data, indicesBelow ? () => random.below(indicesBelow) : normal);
  for (const { data } of Object.values(pass.parameters as Named)) fill(data, () => 0.5 * random.normal());
  for (const { data } of Object.values(pass.state as Named))
    for (let i = 0; i < data.length; i++) data[i] += 0.5 * random.uniform();
  for (const { data } of [pass.gradOutput, ...Object.values(pass.gradExtraOutputs as Named)])
    fill(data, normal);
  for (const { data } of gradientTargets(pass).map(({ gradient }) => gradient)) fill(data, normal);
  for (const { data } of [
    pass.output,
    ...Object.values({ ...pass.extraOutputs, ...pass.saved, ...pass.scratch } as Named),
  ])
    data.fill(data instanceof Int32Array ? -12345 : Number.NaN);
}

export interface GradientTarget {
  readonly name: string;
  readonly values: Tensor;
  readonly gradient: Tensor;
}

/** Everything for which a layer computes a gradient: inputs by their number, parameters by their name. */
export function gradientTargets(pass: StandaloneLayer['pass']): GradientTarget[] {
  const inputs = pass.inputs.flatMap((values, index) => {
    const gradient = pass.gradInputs[index];
    return gradient ? [{ name: `input ${index}`, values, gradient }] : [];
  });
  const gradients = pass.gradParameters as Named;
  const parameters = Object.entries(pass.parameters as Named).map(([name, values]) => ({
    name,
    values,
    gradient: gradients[name],
  }));
  return [...inputs, ...parameters];
}

/** Returns a function that runs forward from the initial state of the layer, so that every run is the first. */
function rewinder(layer: StandaloneLayer): (training: boolean, rows?: number) => void {
  const states = Object.values(layer.pass.state as Named);
  const kept = states.map(({ data }) => data.slice());
  return (training, rows) => {
    for (const [index, { data }] of states.entries()) data.set(kept[index]);
    layer.forward(training, rows);
  };
}

function outputsOf({ pass }: StandaloneLayer): Tensor[] {
  return [pass.output, ...Object.values(pass.extraOutputs as Named)];
}

/** Σ output · gradOutput over all outputs: the loss whose gradient backward computes. */
function lossOf({ pass }: StandaloneLayer): number {
  const gradients = [pass.gradOutput, ...Object.values(pass.gradExtraOutputs as Named)];
  const outputs = [pass.output, ...Object.values(pass.extraOutputs as Named)];
  let loss = 0;
  outputs.forEach(({ data }, index) => {
    for (let i = 0; i < data.length; i++) loss += data[i] * gradients[index].data[i];
  });
  return loss;
}

/** The amount that backward adds to each gradient. */
function addedGradients(layer: StandaloneLayer): Map<string, Float64Array> {
  const targets = gradientTargets(layer.pass);
  const before = targets.map(({ gradient }) => gradient.data.slice());
  layer.backward();
  return new Map(
    targets.map(({ name, gradient }, index) => [
      name,
      Float64Array.from(gradient.data, (value, i) => value - before[index][i]),
    ]),
  );
}

/** Whether to test training only, or also inference, if the layer then computes something else. */
function modesOf(definition: LayerDefinition, sample: Sample): boolean[] {
  const [training, inference] = [true, false].map((mode) => {
    const layer = standOn(definition, sample);
    layer.forward(mode);
    return [...layer.pass.output.data];
  });
  return training.every((value, i) => Object.is(value, inference[i])) ? [true] : [true, false];
}

interface Slope extends Direction {
  readonly value: number;
}

export interface NumericGradient {
  readonly training: boolean;
  readonly slopes: readonly Slope[];
  readonly added: ReadonlyMap<string, Float64Array>;
}

/** Numeric slopes along many directions of every input and parameter, and what backward adds. */
export function numericGradient(
  definition: LayerDefinition,
  sample: Sample,
  training: boolean,
): NumericGradient {
  const layer = standOn(definition, sample);
  const forward = rewinder(layer);
  forward(training);
  const added = addedGradients(layer);
  const random = new Random(11);
  const slopes = gradientTargets(layer.pass).flatMap(({ name, values }) =>
    directionsOf(name, values.data.length, random).map((direction) => ({
      ...direction,
      value: slope(values.data, direction, sample.kinks ? 1e-5 : 1e-3, () => {
        forward(training);
        return lossOf(layer);
      }),
    })),
  );
  return { training, slopes, added };
}

/** Names of inputs and parameters whose gradient differs from the slopes, with the worst difference. */
export function wrongGradients(numeric: NumericGradient, sample: Sample): Map<string, string> {
  const tolerance = sample.kinks ? 1e-5 : 1e-7;
  const wrong = new Map<string, string>();
  let worst = 0;
  for (const { target, vector, value } of numeric.slopes) {
    const gradient = numeric.added.get(target)!;
    const expected = vector.reduce((sum, [index, weight]) => sum + gradient[index] * weight, 0);
    const error = Math.abs(expected - value) / Math.max(Math.abs(expected), Math.abs(value), 1e-3);
    // Written so that NaN is wrong.
    if (error <= tolerance) continue;
    if (!wrong.has(target) || error > worst)
      wrong.set(target, `backward gives ${expected}, the slope is ${value}, relative error ${error}`);
    worst = Math.max(worst, error);
  }
  return wrong;
}

/** The same gradient with a planted fault in one target. */
export function withFault(numeric: NumericGradient, target: string, factor: number): NumericGradient {
  const faulty = new Map(numeric.added);
  faulty.set(
    target,
    numeric.added.get(target)!.map((value) => value * factor),
  );
  return { ...numeric, added: faulty };
}

function gradientsAgree(definition: LayerDefinition, sample: Sample): void {
  for (const training of modesOf(definition, sample)) {
    const numeric = numericGradient(definition, sample, training);
    const wrong = wrongGradients(numeric, sample);
    demand(wrong.size === 0, () => `${training ? 'training' : 'inference'}: ${describe(wrong)}`);
    if (!training) continue;
    for (const target of numeric.added.keys()) {
      const found = wrongGradients(withFault(numeric, target, 1.001), sample);
      demand(
        found.has(target) && found.size === 1,
        () => `a fault of 0.1 % in the gradient of ${target} passes`,
      );
    }
  }
}

function gradientsAreAdded(definition: LayerDefinition, sample: Sample): void {
  const [noisy, clean] = [false, true].map((zeroed) => {
    const layer = standOn(definition, sample);
    if (zeroed) for (const { gradient } of gradientTargets(layer.pass)) gradient.data.fill(0);
    layer.forward();
    return addedGradients(layer);
  });
  for (const [name, values] of clean) demandClose(`gradient of ${name}`, noisy.get(name)!, values, 1e-10);
}

function inputsStayUntouched(definition: LayerDefinition, sample: Sample): void {
  const layer = standOn(definition, sample);
  const { pass } = layer;
  const read = [...pass.inputs, ...Object.values(pass.parameters as Named)];
  const givenBack = [pass.gradOutput, ...Object.values(pass.gradExtraOutputs as Named)];
  const keep = (tensors: readonly Tensor[]) => tensors.map(({ data }) => data.slice());
  const before = keep([...read, ...givenBack]);
  layer.forward();
  const outputs = keep(outputsOf(layer));
  layer.backward();
  for (const [index, { data }] of [...read, ...givenBack].entries())
    demandSame('an input, parameter or output gradient', data, before[index]);
  for (const [index, { data }] of outputsOf(layer).entries())
    demandSame('an output, in backward,', data, outputs[index]);
}

function outputsAreWrittenWhole(definition: LayerDefinition, sample: Sample): void {
  const layer = standOn(definition, sample);
  layer.forward();
  if (sample.inputs.length > 0)
    for (const { data, shape } of outputsOf(layer))
      demand(
        data.every(Number.isFinite),
        () => `output [${shape}] is not finite everywhere: ${data.slice(0, 12)}`,
      );
  const half = standOn(definition, sample);
  half.forward(true, 1);
  for (const { data } of outputsOf(half))
    demand(data.slice(data.length / batch).every(Number.isNaN), () => 'rows beyond the batch were written');
}

function runsAreEqual(definition: LayerDefinition, sample: Sample): void {
  const [first, second] = [0, 1].map(() => {
    const layer = standOn(definition, sample);
    layer.forward();
    layer.backward();
    return [...outputsOf(layer), ...gradientTargets(layer.pass).map(({ gradient }) => gradient)];
  });
  for (const [index, { data }] of first.entries()) demandSame('a second run', second[index].data, data);
}

/** A batch of one has the same result as that row in a batch of three. */
function rowsAreIndependent(definition: LayerDefinition, sample: Sample): void {
  const whole = standOn(definition, sample);
  whole.forward();
  const rows = whole.drew ? [0] : [0, 1, 2];
  const wholeAdded = addedGradients(whole);
  if (definition.couplesBatch) return;
  for (const row of rows) {
    const single = standOn(definition, sample);
    const lengths = single.pass.lengths;
    if (lengths) lengths[0] = lengths[row];
    const batchedState = Object.entries(single.inferred.state ?? {}).filter(([, spec]) => spec.batched);
    const moved = [
      ...single.pass.inputs,
      ...batchedState.map(([name]) => (single.pass.state as Named)[name]),
      single.pass.gradOutput,
      ...Object.values(single.pass.gradExtraOutputs as Named),
    ];
    for (const { data } of moved) data.set(rowOf(data, row));
    single.forward(true, 1);
    const added = addedGradients(single);
    const expected = outputsOf(whole);
    for (const [index, { data }] of outputsOf(single).entries())
      demandClose(`output of row ${row} alone`, rowOf(data, 0), rowOf(expected[index].data, row), 1e-12);
    for (const [name, values] of added)
      if (name.startsWith('input '))
        demandClose(
          `${name} gradient of row ${row} alone`,
          rowOf(values, 0),
          rowOf(wholeAdded.get(name)!, row),
          1e-10,
        );
  }
}

function rowOf(data: FloatArray, row: number): FloatArray {
  const size = data.length / batch;
  return data.slice(row * size, (row + 1) * size);
}

function dataNeedsNoGradient(definition: LayerDefinition, sample: Sample): void {
  const [withGradient, without] = [false, true].map((withoutInputGradients) => {
    const layer = standOn(definition, sample, { withoutInputGradients });
    for (const gradient of Object.values(layer.pass.gradParameters as Named)) gradient.data.fill(0);
    layer.forward();
    return addedGradients(layer);
  });
  for (const [name, values] of without)
    if (withGradient.has(name)) demandClose(`gradient of ${name}`, values, withGradient.get(name)!, 1e-12);
}

function singlePrecisionAgrees(definition: LayerDefinition, sample: Sample): void {
  // float32 first: its rounded inputs are numbers that float64 has too, so both start from the same.
  const narrow = standOn(definition, sample, { float: 'float32' });
  const wide = standOn(definition, sample);
  const read = ({ pass }: StandaloneLayer) => [
    ...pass.inputs,
    pass.gradOutput,
    ...Object.values({ ...pass.parameters, ...pass.state, ...pass.gradExtraOutputs } as Named),
  ];
  for (const [index, { data }] of read(wide).entries()) data.set(read(narrow)[index].data);
  const results = [narrow, wide].map((layer) => {
    for (const { gradient } of gradientTargets(layer.pass)) gradient.data.fill(0);
    layer.forward();
    return { outputs: outputsOf(layer), added: addedGradients(layer) };
  });
  for (const [index, { data }] of results[0].outputs.entries())
    demandClose('float32 output', data, results[1].outputs[index].data, 1e-4);
  for (const [name, values] of results[0].added)
    demandClose(`float32 gradient of ${name}`, values, results[1].added.get(name)!, 1e-4);
}

/** Each property as a sentence, with the function that checks it. */
export const properties: {
  readonly [sentence: string]: (definition: LayerDefinition, sample: Sample) => void;
} = {
  'gradients equal numeric slopes, and a fault of 0.1 % is caught': gradientsAgree,
  'backward adds to gradients and overwrites none': gradientsAreAdded,
  'inputs, parameters and outputs stay as they are': inputsStayUntouched,
  'every element of the output is written, and nothing beyond the batch': outputsAreWrittenWhole,
  'two runs give the same bits': runsAreEqual,
  'a row does not depend on the other rows': rowsAreIndependent,
  'inputs that are data may go without a gradient': dataNeedsNoGradient,
  'float32 agrees with float64': singlePrecisionAgrees,
};

/** Throws unless the layer has every property on the sample. */
export function checkLayer(definition: LayerDefinition, sample: Sample): void {
  for (const [sentence, check] of Object.entries(properties))
    try {
      check(definition, sample);
    } catch (error) {
      throw new Error(`${definition.type}, ${sample.name}: not true that ${sentence}`, { cause: error });
    }
}

function demand(holds: boolean, message: () => string): void {
  if (!holds) throw new Error(message());
}

function demandSame(what: string, found: FloatArray, expected: FloatArray): void {
  const index = found.findIndex((value, i) => !Object.is(value, expected[i]));
  demand(index < 0, () => `${what} differs at ${index}: ${found[index]} instead of ${expected[index]}`);
}

/** Throws if a difference is large relative to the largest element. */
function demandClose(what: string, found: FloatArray, expected: FloatArray, tolerance: number): void {
  const largest = Math.max(1e-3, ...Array.from(expected, Math.abs));
  const index = found.findIndex((value, i) => !(Math.abs(value - expected[i]) <= tolerance * largest));
  demand(index < 0, () => `${what} differs at ${index}: ${found[index]} instead of ${expected[index]}`);
}

function describe(wrong: ReadonlyMap<string, string>): string {
  return [...wrong].map(([name, text]) => `${name}: ${text}`).join('\n');
}
