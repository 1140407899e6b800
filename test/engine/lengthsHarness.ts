/**
 * Checks the declarations of layers about sequences that differ in length: whatever the padding contains, the result of a sample is what it
 * is for the sample alone, and padding has no gradient. Each axis of each sample is tried as time.
 */
import type { Backend } from '../../engine/kernels/backend.ts';
import { Random } from '../../engine/kernels/random.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import {
  type LayerDefinition,
  type Sample,
  type Shape,
  sizeOf,
  type Tensor,
} from '../../engine/layers/define.ts';
import { readAttributes, StandaloneLayer } from '../../engine/layers/standalone.ts';
import { gradientTargets, standOn } from './layerHarness.ts';

const batch = 3;
type Named = { readonly [name: string]: Tensor };

export interface TimeCase {
  readonly definition: LayerDefinition;
  readonly sample: Sample;
  /** The time axis of each input. */
  readonly axes: readonly (number | undefined)[];
  readonly axis: number;
  readonly length: number;
}

/** The ways in which the inputs of a sample can have an axis as time: all inputs of the same length, or only the last one if its length differs. */
export function timeCases(definition: LayerDefinition, sample: Sample): TimeCase[] {
  const [first] = sample.inputs;
  return first.flatMap((length, axis) => {
    const all = sample.inputs.map((shape) =>
      shape.length === first.length && shape[axis] === length ? axis : undefined,
    );
    const last = sample.inputs.map((shape, index) =>
      index === sample.inputs.length - 1 && shape.length === first.length && shape[axis] !== length
        ? axis
        : undefined,
    );
    return [all, last]
      .filter((axes) => axes.some((one, index) => one !== undefined && sample.inputs[index][axis] >= 2))
      .map((axes) => {
        const index = axes.findIndex((one) => one !== undefined);
        return { definition, sample, axes, axis, length: sample.inputs[index][axis] };
      });
  });
}

/** The time axis after the layer; a text if the layer refuses it. */
export function flowOf({ definition, sample, axes }: TimeCase) {
  const attributes = readAttributes(definition, sample.attributes);
  const inferred = definition.infer(attributes, sample.inputs);
  if ('problem' in inferred) throw new Error(inferred.problem.message);
  const flow = definition.time(attributes, sample.inputs, axes, inferred);
  if (flow === 'dropped') return undefined;
  if ('problem' in flow) return flow.problem.message;
  return { axis: flow.axis, steps: (length: number) => flow.steps?.(length) ?? length };
}

/** The first `steps` entries along an axis of one row, in order. */
function cut(
  data: FloatArray,
  shape: Shape,
  row: number,
  axis: number | undefined,
  steps: number,
): FloatArray {
  const size = sizeOf(shape);
  const whole = data.slice(row * size, (row + 1) * size);
  if (axis === undefined) return whole;
  const inner = sizeOf(shape.slice(axis + 1));
  return whole.filter((_, i) => Math.floor(i / inner) % shape[axis] < steps);
}

/** Writes `value()` after the first `steps` entries along an axis of one row. */
function fillPadding(
  { data, shape }: Tensor,
  row: number,
  axis: number,
  steps: number,
  value: () => number,
): void {
  const size = sizeOf(shape.slice(1));
  const inner = sizeOf(shape.slice(axis + 2));
  for (let i = 0; i < size; i++)
    if (Math.floor(i / inner) % shape[axis + 1] >= steps) data[row * size + i] = value();
}

export interface Setting {
  readonly float: 'float32' | 'float64';
  readonly backend?: Backend;
}

const settingsOf = ({ float, backend }: Setting) => ({
  float,
  ...(backend ? { kernels: backend.kernels, allocate: backend.allocate } : {}),
});

/** A layer on padded samples of these lengths, after forward and backward. */
function runPadded(
  one: TimeCase,
  setting: Setting,
  lengths: readonly number[],
  seed: number,
): StandaloneLayer {
  const { definition, sample, axes, axis } = one;
  const flow = flowOf(one);
  if (typeof flow === 'string') throw new Error(flow);
  const layer = standOn(definition, { ...sample, lengths }, { ...settingsOf(setting), timeAxis: axis });
  const random = new Random(seed);
  const { indicesBelow } = sample;
  const garbage = () => (indicesBelow ? random.below(indicesBelow) : 100 * random.normal());
  const { pass } = layer;
  for (let n = 0; n < batch; n++) {
    axes.forEach((at, index) => {
      if (at !== undefined) fillPadding(pass.inputs[index], n, at, lengths[n], garbage);
    });
    if (flow) fillPadding(pass.gradOutput, n, flow.axis, flow.steps(lengths[n]), () => 0);
  }
  return run(layer, definition);
}

/** Runs forward and backward without random draws, which differ from sample to sample. */
function run(layer: StandaloneLayer, definition: LayerDefinition): StandaloneLayer {
  for (const { gradient } of gradientTargets(layer.pass)) gradient.data.fill(0);
  const states = Object.values(layer.pass.state as Named).map(({ data }) => [data, data.slice()] as const);
  layer.forward(true);
  if (layer.drew && !definition.couplesBatch) {
    for (const [data, kept] of states) data.set(kept);
    layer.forward(false);
  }
  layer.backward();
  return layer;
}

/** The results of a padded run for the real steps, sample by sample, then those of the whole batch. */
function shown(one: TimeCase, layer: StandaloneLayer, lengths: readonly number[]): Map<string, FloatArray> {
  const { pass } = layer;
  const flow = flowOf(one) as Exclude<ReturnType<typeof flowOf>, string>;
  const seen = new Map<string, FloatArray>();
  for (let n = 0; n < batch; n++) {
    const shape = pass.output.shape.slice(1);
    seen.set(
      `output of sample ${n}`,
      cut(pass.output.data, shape, n, flow?.axis, flow?.steps(lengths[n]) ?? 0),
    );
    for (const [name, { data, shape: extra }] of Object.entries(pass.extraOutputs as Named))
      seen.set(`${name} of sample ${n}`, cut(data, extra.slice(1), n, undefined, 0));
    pass.gradInputs.forEach((gradient, index) => {
      if (gradient)
        seen.set(
          `gradient of input ${index} of sample ${n}`,
          cut(gradient.data, gradient.shape.slice(1), n, one.axes[index], lengths[n]),
        );
    });
  }
  for (const [name, { data }] of Object.entries(pass.gradParameters as Named))
    seen.set(`gradient of ${name}`, data);
  return seen;
}

function demandClose(what: string, found: FloatArray, expected: FloatArray, tolerance: number): void {
  if (found.length !== expected.length)
    throw new Error(`${what} has ${found.length} elements instead of ${expected.length}`);
  let largest = 1e-3;
  for (const value of expected) largest = Math.max(largest, Math.abs(value));
  const off = found.findIndex((value, i) => !(Math.abs(value - expected[i]) <= tolerance * largest));
  if (off >= 0) throw new Error(`${what} differs at ${off}: ${found[off]} instead of ${expected[off]}`);
}

const toleranceOf = ({ float }: Setting): number => (float === 'float64' ? 1e-9 : 1e-4);

/** Throws if padding has any influence. */
export function checkPadding(one: TimeCase, setting: Setting, lengths: readonly number[]): void {
  const layer = runPadded(one, setting, lengths, 3);
  const seen = shown(one, layer, lengths);
  for (const [what, values] of seen)
    if (!values.every(Number.isFinite)) throw new Error(`${what} is not finite: ${values.slice(0, 8)}`);
  const other = shown(one, runPadded(one, setting, lengths, 5), lengths);
  for (const [what, values] of other)
    demandClose(`with other padding, ${what}`, values, seen.get(what)!, toleranceOf(setting));
  layer.pass.gradInputs.forEach((gradient, index) => {
    const axis = one.axes[index];
    if (!gradient || axis === undefined) return;
    for (let n = 0; n < batch; n++) {
      const all = sizeOf(gradient.shape.slice(1));
      const real = cut(gradient.data, gradient.shape.slice(1), n, axis, lengths[n]);
      const padding = sizeOfAll(gradient.data.slice(n * all, (n + 1) * all)) - sizeOfAll(real);
      if (!(Math.abs(padding) <= 1e-6))
        throw new Error(`padding of input ${index} has a gradient: ${padding}`);
    }
  });
  checkLonger(one, setting, lengths, seen);
  if (!one.definition.couplesBatch) checkAlone(one, setting, layer, lengths, seen);
}

function sizeOfAll(values: FloatArray): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum;
}

/** Two more steps of padding change nothing, if the layer can have this length with the same parameters. */
function checkLonger(
  one: TimeCase,
  setting: Setting,
  lengths: readonly number[],
  expected: ReadonlyMap<string, FloatArray>,
): void {
  const longer = { ...one, sample: { ...one.sample, inputs: resized(one, one.length + 2) } };
  if (!canBe(longer)) return;
  const here = runPadded(one, setting, lengths, 3).pass;
  const layer = standOn(
    one.definition,
    { ...longer.sample, lengths },
    { ...settingsOf(setting), timeAxis: one.axis },
  );
  const { pass } = layer;
  const parameters = Object.entries(here.parameters as Named);
  if (parameters.some(([name, { shape }]) => (pass.parameters as Named)[name].shape.join() !== shape.join()))
    return;
  for (const [name, { data }] of parameters) (pass.parameters as Named)[name].data.set(data);
  const states = here.state as Named;
  // The initial state has the same noise in each run.
  const fresh = standOn(one.definition, one.sample, settingsOf(setting)).pass.state as Named;
  for (const name of Object.keys(states)) (pass.state as Named)[name].data.set(fresh[name].data);
  const flow = flowOf(one) as Exclude<ReturnType<typeof flowOf>, string>;
  for (let n = 0; n < batch; n++) {
    here.inputs.forEach((input, index) => {
      spread(input, pass.inputs[index], n, one.axes[index], lengths[n], one.sample.indicesBelow ? 0 : 77);
    });
    spread(here.gradOutput, pass.gradOutput, n, flow?.axis, flow?.steps(lengths[n]) ?? 0, 0);
    for (const [name, tensor] of Object.entries(here.gradExtraOutputs as Named))
      spread(tensor, (pass.gradExtraOutputs as Named)[name], n, undefined, 0, 0);
  }
  const found = shown(longer, run(layer, one.definition), lengths);
  for (const [what, values] of expected)
    demandClose(`with more padding, ${what}`, found.get(what)!, values, toleranceOf(setting));
}

/** Copies a row's real steps into a tensor that may be longer along the axis; after them comes `padding`. */
function spread(
  from: Tensor,
  to: Tensor,
  row: number,
  axis: number | undefined,
  steps: number,
  padding: number,
): void {
  const real = cut(from.data, from.shape.slice(1), row, axis, steps);
  const size = sizeOf(to.shape.slice(1));
  const inner = axis === undefined ? 1 : sizeOf(to.shape.slice(axis + 2));
  for (let i = 0, k = 0; i < size; i++) {
    const isReal = axis === undefined || Math.floor(i / inner) % to.shape[axis + 1] < steps;
    to.data[row * size + i] = isReal ? real[k++] : padding;
  }
}

const resized = ({ sample, axes }: TimeCase, length: number): Shape[] =>
  sample.inputs.map((shape, index) => shape.map((size, axis) => (axis === axes[index] ? length : size)));

function canBe({ definition, sample }: Pick<TimeCase, 'definition' | 'sample'>): boolean {
  return !('problem' in definition.infer(readAttributes(definition, sample.attributes), sample.inputs));
}

/** Each sample alone, in its own length, has the same results, and the gradients of parameters add up. */
function checkAlone(
  one: TimeCase,
  setting: Setting,
  padded: StandaloneLayer,
  lengths: readonly number[],
  expected: ReadonlyMap<string, FloatArray>,
): void {
  const { definition, sample, axes } = one;
  const flow = flowOf(one) as Exclude<ReturnType<typeof flowOf>, string>;
  const alone = lengths.map((length) => ({ ...sample, inputs: resized(one, length) }));
  const computable = lengths.every((length, n) => length > 0 && canBe({ definition, sample: alone[n] }));
  const summed = new Map(
    Object.entries(padded.pass.gradParameters as Named).map(([name, { data }]) => [
      name,
      new Float64Array(data.length),
    ]),
  );
  lengths.forEach((length, n) => {
    if (length === 0 || !canBe({ definition, sample: alone[n] })) return;
    const layer = new StandaloneLayer({
      definition,
      inputs: alone[n].inputs,
      batch: 1,
      kernels: padded.pass.kernels,
      withoutInputGradients: sample.indicesBelow !== undefined,
      ...(sample.attributes ? { attributes: sample.attributes } : {}),
      ...settingsOf(setting),
    });
    const { pass } = layer;
    // A normalization of all steps together has as many parameters as steps.
    for (const [name, { data }] of Object.entries(pass.parameters as Named))
      data.set((padded.pass.parameters as Named)[name].data.subarray(0, data.length));
    const fresh = standOn(definition, sample, settingsOf(setting)).pass.state as Named;
    for (const [name, { data, shape }] of Object.entries(pass.state as Named))
      data.set(
        layer.inferred.state?.[name].batched
          ? cut(fresh[name].data, shape.slice(1), n, undefined, 0)
          : fresh[name].data,
      );
    pass.inputs.forEach(({ data }, index) => {
      const { data: from, shape } = padded.pass.inputs[index];
      data.set(cut(from, shape.slice(1), n, axes[index], length));
    });
    const { data: dy, shape } = padded.pass.gradOutput;
    const steps = flow?.steps(length) ?? 0;
    pass.gradOutput.data.set(cut(dy, shape.slice(1), n, flow?.axis, steps));
    for (const [name, { data, shape: extra }] of Object.entries(pass.gradExtraOutputs as Named))
      data.set(cut((padded.pass.gradExtraOutputs as Named)[name].data, extra.slice(1), n, undefined, 0));
    run(layer, definition);
    demandClose(
      `output of sample ${n}, beside it alone,`,
      expected.get(`output of sample ${n}`)!,
      pass.output.data,
      toleranceOf(setting),
    );
    pass.gradInputs.forEach((gradient, index) => {
      const what = `gradient of input ${index} of sample ${n}`;
      if (gradient) demandClose(what, expected.get(what)!, gradient.data, toleranceOf(setting));
    });
    for (const [name, { data }] of Object.entries(pass.gradParameters as Named))
      for (let i = 0; i < data.length; i++) summed.get(name)![i] += data[i];
  });
  if (!computable) return;
  for (const [name, values] of summed)
    demandClose(`gradient of ${name}`, expected.get(`gradient of ${name}`)!, values, toleranceOf(setting));
}
