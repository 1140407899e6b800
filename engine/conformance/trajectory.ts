/**
 * Whole trainings against reference numbers. A case becomes a network as a person would write it. The engine analyses, compiles
 * and trains it step by step, and each step is compared in Netloom's layout.
 */
import type { Dataset } from '../data/define.ts';
import { analyze } from '../graph/analyze.ts';
import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { FloatArray, Tensor } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Json } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';
import { assemble, type Network } from '../train/open.ts';
import { Trainer } from '../train/trainer.ts';
import type { TrainingParts } from '../train/training.ts';
import type { Comparison, OracleTensor, Precision } from './oracle.ts';

/** A tensor of the case, and its place in one of Netloom's tensors. */
export interface Located {
  /** Its name in the case. */
  readonly key: string;
  readonly layer: string;
  /** The name of the parameter or persistent buffer. */
  readonly tensor: string;
  /** Where its values begin in that tensor. */
  readonly offset: number;
  readonly convert: (tensor: OracleTensor) => Float64Array;
}

/** Among gradients of usual size, float32 cannot distinguish numbers below this from zero. */
const roundingNoise = 1e-12;

type Tensors = ReadonlyMap<string, OracleTensor>;

/** A value of one layer at one step. */
export interface LayerValue {
  readonly layer: string;
  readonly values: FloatArray;
}

/** What the case states about one step. */
export interface StepReference {
  readonly batch: number;
  readonly loss?: number;
  readonly parametersBefore?: Tensors;
  readonly gradientNorm?: number;
  readonly gradients?: Tensors;
  readonly parametersAfter?: Tensors;
  readonly outputs?: readonly LayerValue[];
  /** Gradients of the loss with respect to a layer's output. */
  readonly outputGradients?: readonly LayerValue[];
}

export interface Trajectory {
  readonly layers: { readonly [name: string]: Json };
  readonly located: readonly Located[];
  readonly loss: { readonly type: string; readonly from: string };
  readonly optimizer: { readonly type: string; readonly [attribute: string]: Json };
  readonly clipNorm?: number;
  readonly batchSize: number;
  readonly inputs: Dataset['inputs'];
  readonly target: Dataset['targets'][number];
  /** The values of whole batches, for each input and for the target. */
  readonly batches: readonly { readonly inputs: readonly FloatArray[]; readonly target: FloatArray }[];
  readonly initial: Tensors;
  readonly steps: readonly StepReference[];
  /** Outputs in inference on the first batch, after all steps. */
  readonly finalOutputs?: readonly LayerValue[];
}

/** Trains a network step by step on given batches, and compares each step with the reference. Throws if the text is invalid. */
export function runTrajectory(
  trajectory: Trajectory,
  precision: Precision,
  backend: Backend = referenceBackend,
): readonly Comparison[] {
  const run = new Run(trajectory, precision, backend);
  const comparisons = trajectory.steps.flatMap((step, index) => run.step(step, index));
  return [...comparisons, ...run.inference(trajectory.finalOutputs ?? [])];
}

/** Reads the text of a case. Unlike data of a text, a case may fill several inputs. */
function networkOf(text: string): Network {
  const analysis = analyze(text);
  const error = analysis.diagnostics.find(
    ({ severity, code }) => severity === 'error' && code !== 'training/inputs',
  );
  if (error) throw new ProblemError(error.code, error.message, error.path);
  return { analysis, training: analysis.spec.training! };
}

/** The network of the case, ready for training. */
class Run {
  readonly #runtime: Runtime;
  readonly #trainer: Trainer;
  readonly #parts: TrainingParts;
  readonly #places: ReadonlyMap<string, number>;

  constructor(
    readonly trajectory: Trajectory,
    readonly precision: Precision,
    backend: Backend,
  ) {
    const { layers, loss, optimizer, batchSize, clipNorm } = trajectory;
    const training = {
      // The numbers come from the case, but the text must name a dataset.
      data: { type: 'adding' },
      loss,
      optimizer,
      batchSize,
      epochs: 1,
      ...(clipNorm === undefined ? {} : { clipNorm }),
    };
    const network = networkOf(JSON.stringify({ format: 1, layers, training }));
    const limits = { float: precision, memoryLimit: Number.POSITIVE_INFINITY };
    this.#parts = assemble(network, datasetOf(trajectory), limits, backend);
    this.#runtime = this.#parts.runtime;
    this.#trainer = new Trainer(this.#runtime, network.training);
    this.#places = new Map(this.#runtime.plan.layers.map(({ layer }, index) => [layer.name, index]));
    for (const { located, expected } of this.#expected(trajectory.initial)) {
      const { data } = this.#held(located);
      data.set(expected, located.offset);
    }
  }

  step(reference: StepReference, index: number): Comparison[] {
    const label = `step ${index + 1}`;
    const before = this.#compareTensors(`before ${label}`, reference.parametersBefore, this.#held);
    this.#load(reference.batch);
    const outputs: Comparison[] = [];
    const { batchSize } = this.trajectory;
    const loss = this.#trainer.accumulate(batchSize, index, true, {
      begin() {},
      activation: (layer) =>
        outputs.push(...this.#compareLayer(`output at ${label}`, layer, reference.outputs, 'output')),
      gradient: (layer) =>
        outputs.push(
          ...this.#compareLayer(`gradient at ${label}`, layer, reference.outputGradients, 'gradOutput'),
        ),
    });
    const gradients = this.#compareTensors(`gradient at ${label}`, reference.gradients, this.#gradient);
    const norm = Math.hypot(...gradients.flatMap(({ found }) => Array.from(found)));
    this.#trainer.update(this.#trainer.baseLearningRate, index + 1);
    if (this.precision === 'float32') this.#takeOverNoise(reference);
    return [
      ...before,
      ...outputs,
      ...single(`loss at ${label}`, loss, reference.loss),
      ...gradients,
      ...single(`norm of the gradients at ${label}`, norm, reference.gradientNorm),
      ...this.#compareTensors(`after ${label}`, reference.parametersAfter, this.#held),
    ];
  }

  /**
   * A gradient may consist of rounding errors only, as for a bias before batch normalization. Optimizers such as Adam divide it
   * by its own size, so rounding alone decides the step. In such places, the numbers of the reference are used.
   */
  #takeOverNoise({ gradients, parametersAfter }: StepReference): void {
    const noise = [...(gradients ?? [])].flatMap(([key, { data }]) =>
      data.every((value) => Math.abs(Number(value)) < roundingNoise) ? [key] : [],
    );
    for (const { located, expected } of this.#expected(parametersAfter ?? new Map()))
      if (noise.includes(located.key)) this.#held(located).data.set(expected, located.offset);
  }

  inference(values: readonly LayerValue[]): Comparison[] {
    if (values.length === 0) return [];
    this.#load(0);
    const comparisons: Comparison[] = [];
    this.#runtime.forward(this.trajectory.batchSize, false, 0, {
      activation: (layer) =>
        comparisons.push(...this.#compareLayer('output in inference', layer, values, 'output')),
      gradient() {},
    });
    return comparisons;
  }

  #load(batch: number): void {
    const { loader, dataset } = this.#parts;
    loader.load(dataset.train, Int32Array.of(batch), this.trajectory.batchSize);
  }

  #passOf({ layer }: Located) {
    return this.#runtime.passes[this.#places.get(layer) ?? 0];
  }

  readonly #held = (located: Located): Tensor => {
    const { parameters, state } = this.#passOf(located);
    const tensors: { readonly [name: string]: Tensor } = { ...state, ...parameters };
    return tensors[located.tensor];
  };

  readonly #gradient = (located: Located): Tensor => {
    const gradients: { readonly [name: string]: Tensor } = this.#passOf(located).gradParameters;
    return gradients[located.tensor];
  };

  #expected(tensors: Tensors): { readonly located: Located; readonly expected: Float64Array }[] {
    return this.trajectory.located.flatMap((located) => {
      const tensor = tensors.get(located.key);
      return tensor ? [{ located, expected: located.convert(tensor) }] : [];
    });
  }

  #compareTensors(
    when: string,
    tensors: Tensors | undefined,
    of: (located: Located) => Tensor,
  ): Comparison[] {
    return this.#expected(tensors ?? new Map()).map(({ located, expected }) => ({
      name: `${located.key} ${when}`,
      found: of(located).data.slice(located.offset, located.offset + expected.length),
      expected,
    }));
  }

  #compareLayer(
    what: string,
    index: number,
    values: readonly LayerValue[] | undefined,
    of: 'output' | 'gradOutput',
  ): Comparison[] {
    const { layer } = this.#runtime.plan.layers[index];
    return (values ?? [])
      .filter((value) => value.layer === layer.name)
      .map((value) => ({
        name: `${layer.name}'s ${what}`,
        found: this.#runtime.passes[index][of].data.slice(),
        expected: value.values,
      }));
  }
}

const single = (name: string, found: number, expected: number | undefined): Comparison[] =>
  expected === undefined ? [] : [{ name, found: [found], expected: [expected] }];

/** A dataset whose sample is the index of a batch of the case, which fills the whole batch. */
function datasetOf({ inputs, target, batches }: Trajectory): Dataset {
  return {
    inputs,
    targets: [target],
    train: {
      size: batches.length,
      fill(indices, _count, buffers) {
        const batch = batches[indices[0]];
        for (const [index, values] of batch.inputs.entries()) buffers.inputs[index].set(values);
        buffers.targets[0].set(batch.target);
      },
    },
  };
}
