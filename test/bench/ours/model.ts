/** Our engine, put together without data files: a network's text, a backend, and numbers in its buffers. */
import type { Backend } from '../../../engine/kernels/backend.ts';
import { referenceBackend } from '../../../engine/kernels/reference/backend.ts';
import { loadBackend } from '../../../engine/kernels/wasm/load.ts';
import type { Runtime, Watch } from '../../../engine/plan/runtime.ts';
import type { NetworkProbe } from '../../../engine/stats/probes.ts';
import { assemble, modelOf, readNetwork } from '../../../engine/train/open.ts';
import type { Trainer } from '../../../engine/train/trainer.ts';
import { Training } from '../../../engine/train/training.ts';
import { randomData } from '../../engine/randomData.ts';
import type { Layer, Network } from '../networks.ts';

/** Of a layer without its name and its place. */
const written: { readonly [T in Layer['type']]: (layer: Extract<Layer, { type: T }>) => object } = {
  dense: ({ units }) => ({ type: 'dense', units }),
  conv: ({ filters }) => ({ type: 'conv2d', filters, kernelSize: 3, padding: 'same' }),
  pool: () => ({ type: 'maxPool2d', poolSize: 2 }),
  flatten: () => ({ type: 'flatten' }),
  relu: () => ({ type: 'relu' }),
  tanh: () => ({ type: 'tanh' }),
  sigmoid: () => ({ type: 'sigmoid' }),
  lstm: ({ units }) => ({ type: 'lstm', hiddenSize: units }),
  gru: ({ units }) => ({ type: 'gru', hiddenSize: units }),
};

/** The network as a person would write it. */
export function textOf(network: Network): string {
  const last = network.layers.length;
  const layers = Object.fromEntries([
    ['layer0', { type: 'input', shape: network.input }],
    ...network.layers.map((layer, index) => [
      `layer${index + 1}`,
      { ...(written[layer.type] as (layer: Layer) => object)(layer), from: `layer${index}` },
    ]),
  ]);
  const training = {
    data: { type: 'shapes' },
    loss: { type: network.loss, from: `layer${last}` },
    optimizer: { type: 'sgd', learningRate: network.learningRate },
    batchSize: network.batch,
  };
  return JSON.stringify({ layers, training });
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
    // What the numbers are is up to who runs it.
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

  /** Weight tensors in order, without biases. */
  get weights() {
    return this.runtime.passes.flatMap(({ parameters }) =>
      Object.entries(parameters)
        .filter(([name]) => /kernel/i.test(name))
        .map(([, { data }]) => data),
    );
  }

  /** As all contenders begin. */
  clearBiases(): void {
    for (const { parameters } of this.runtime.passes)
      for (const [name, { data }] of Object.entries(parameters)) if (/bias/i.test(name)) data.fill(0);
  }

  /** Drives every unit below zero for good: an activation that can die passes no gradient on. */
  kill(): void {
    for (const { parameters } of this.runtime.passes)
      for (const [name, { data }] of Object.entries(parameters)) if (/bias/i.test(name)) data.fill(-1e6);
  }

  /** One training step; the loss before it. */
  step(probe?: NetworkProbe, watch?: Watch): number {
    this.#step++;
    const loss = this.#trainer.accumulate(this.#batch, this.#step, true, probe, watch);
    this.#trainer.update(this.#trainer.baseLearningRate, this.#step, probe);
    return loss;
  }
}

/** As a run of this network would open it. Until its workers have started, a pool computes on one thread. */
export async function openBackend(threads: number, wide = true, text?: string): Promise<Backend> {
  const bytes = text === undefined ? undefined : planBytes(text);
  const backend = loadBackend('dist/kernels', threads, bytes, wide);
  if (threads > 1) await new Promise((resolve) => setTimeout(resolve, 300));
  return backend;
}

export { referenceBackend };
