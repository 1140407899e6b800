/** The engine without data files: the text of a network, a backend, and numbers in its buffers. */
import type { Backend } from '../../../engine/kernels/backend.ts';
import { referenceBackend } from '../../../engine/kernels/reference/backend.ts';
import { loadBackend } from '../../../engine/kernels/wasm/load.ts';
import type { Runtime, Watch } from '../../../engine/plan/runtime.ts';
import type { NetworkProbe } from '../../../engine/stats/probes.ts';
import { assemble, modelOf, readNetwork } from '../../../engine/train/open.ts';
import type { Trainer } from '../../../engine/train/trainer.ts';
import { Training } from '../../../engine/train/training.ts';
import { randomData } from '../../engine/randomData.ts';
import { type Layer, type Network, shapeAfter } from '../networks.ts';

type LeafType = Exclude<Layer['type'], 'residual' | 'repeat'>;

/** The text of a layer without its name and inputs. `features`: the size of the last axis of its input. */
const written: {
  readonly [T in LeafType]: (layer: Extract<Layer, { type: T }>, features: number) => object;
} = {
  dense: ({ units }) => ({ type: 'dense', units }),
  conv: ({ filters, kernelSize = 3, stride = 1, useBias = true }) => ({
    type: 'conv2d',
    filters,
    kernelSize,
    stride,
    padding: kernelSize >> 1,
    useBias,
  }),
  pool: () => ({ type: 'maxPool2d', poolSize: 2 }),
  average: () => ({ type: 'globalAveragePool' }),
  flatten: () => ({ type: 'flatten' }),
  relu: () => ({ type: 'relu' }),
  tanh: () => ({ type: 'tanh' }),
  sigmoid: () => ({ type: 'sigmoid' }),
  lstm: ({ units, sequence = false }) => ({ type: 'lstm', hiddenSize: units, returnSequences: sequence }),
  gru: ({ units, sequence = false }) => ({ type: 'gru', hiddenSize: units, returnSequences: sequence }),
  batchNorm: () => ({ type: 'batchNorm' }),
  layerNorm: () => ({ type: 'layerNorm' }),
  attention: ({ heads }, features) => ({ type: 'multiHeadAttention', heads, keySize: features / heads }),
};

/** Writes layers as a person would, one after the other. Repeated layers become a block. */
class Writer {
  readonly blocks: { [name: string]: object } = {};

  /** Adds the layers to a group, the first reading `from`. Returns the name of the last, or `from` if there are none. */
  write(
    group: { [name: string]: object },
    layers: readonly Layer[],
    from: string,
    input: readonly number[],
  ): string {
    let last = from;
    let shape = input;
    for (const layer of layers) {
      last = this.#add(group, layer, last, shape);
      shape = shapeAfter(layer, shape);
    }
    return last;
  }

  #add(group: { [name: string]: object }, layer: Layer, from: string, shape: readonly number[]): string {
    const next = () => `layer${Object.keys(group).length}`;
    if (layer.type === 'residual') {
      const sum = this.write(group, layer.layers, from, shape);
      const shortcut = this.write(group, layer.shortcut ?? [], from, shape);
      const name = next();
      group[name] = { type: 'add', from: [sum, shortcut] };
      return name;
    }
    const name = next();
    if (layer.type === 'repeat') {
      const block = `block${Object.keys(this.blocks).length + 1}`;
      const inside: { [name: string]: object } = { input: { type: 'blockInput' } };
      const last = this.write(inside, layer.layers, 'input', shape);
      this.blocks[block] = { ...inside, output: { type: 'blockOutput', from: last } };
      group[name] = { type: block, repeat: layer.times, from };
    } else
      group[name] = {
        ...(written[layer.type] as (layer: Layer, features: number) => object)(
          layer,
          shape[shape.length - 1],
        ),
        from,
      };
    return name;
  }
}

/** The network as a person would write it. */
export function textOf(network: Network): string {
  const writer = new Writer();
  const layers: { [name: string]: object } = { layer0: { type: 'input', shape: network.input } };
  const last = writer.write(layers, network.layers, 'layer0', network.input);
  const training = {
    data: { type: 'shapes' },
    loss: { type: network.loss, from: last },
    optimizer: { type: 'sgd', learningRate: network.learningRate },
    batchSize: network.batch,
  };
  return JSON.stringify({ blocks: writer.blocks, layers, training });
}

/** Bytes of the network's plan. */
export function planBytes(text: string): number {
  const network = readNetwork(text);
  return modelOf(network, randomData(network.analysis, network.training), {}).plan.bytes;
}

export class Model {
  readonly runtime: Runtime;
  readonly probe: NetworkProbe;
  readonly #trainer: Trainer;
  readonly #batch: number;
  #step = 0;

  constructor(text: string, backend: Backend) {
    const network = readNetwork(text);
    // The caller writes the numbers.
    const data = randomData(network.analysis, network.training);
    const { parts, trainer, probe } = new Training(assemble(network, data, {}, backend));
    this.runtime = parts.runtime;
    this.probe = probe;
    this.#trainer = trainer;
    this.#batch = parts.training.batchSize;
    this.input.forEach((_, i, input) => {
      input[i] = Math.sin(12.9898 * i);
    });
  }

  get input() {
    return this.runtime.tensor(this.runtime.plan.layers[0].output).data;
  }

  get target() {
    return this.runtime.tensor(this.runtime.plan.losses[0].target).data;
  }

  /** Weight tensors in the order of the text, without biases. */
  get weights() {
    const { plan, passes } = this.runtime;
    // A plan interleaves branches, but the numbers in the names have the order of the text.
    return plan.layers
      .map(({ layer: { name } }, index) => ({ name, parameters: passes[index].parameters }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
      .flatMap(({ parameters }) =>
        Object.entries(parameters)
          .filter(([name]) => /kernel/i.test(name))
          .map(([, { data }]) => data),
      );
  }

  /** Sets biases to zero, as in all contenders. */
  clearBiases(): void {
    for (const { parameters } of this.runtime.passes)
      for (const [name, { data }] of Object.entries(parameters)) if (/bias/i.test(name)) data.fill(0);
  }

  /** Moves every unit far below zero, so that activations that can die pass no gradient. */
  kill(): void {
    for (const { parameters } of this.runtime.passes)
      for (const [name, { data }] of Object.entries(parameters)) if (/bias/i.test(name)) data.fill(-1e6);
  }

  /** Runs one training step, and returns the loss before it. */
  step(probe?: NetworkProbe, watch?: Watch): number {
    const { backend } = this.runtime;
    this.#step++;
    backend.stepBegins?.();
    const loss = this.#trainer.accumulate(this.#batch, this.#step, true, probe, watch);
    this.#trainer.update(this.#trainer.baseLearningRate, this.#step, probe);
    backend.stepEnds?.();
    return loss;
  }
}

/** A backend as a run of this network would open it. Until its workers have started, a pool computes on one thread. */
export async function openBackend(threads: number, wide = true, text?: string): Promise<Backend> {
  const bytes = text === undefined ? undefined : planBytes(text);
  const backend = loadBackend('dist/kernels', threads, bytes, wide);
  if (threads > 1) await new Promise((resolve) => setTimeout(resolve, 300));
  return backend;
}

export { referenceBackend };
