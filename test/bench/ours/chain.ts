/** Networks with very many layers: the time to compile them, and the time of one step. */
import type { Layer, Network } from '../networks.ts';
import { Model, openBackend, planBytes, textOf } from './model.ts';
import { alternate, ratios } from './time.ts';

/** Dense layers, each followed by an activation. */
function chain(layers: number, units = 16, activation: Layer = { type: 'tanh' }): Network {
  const link = (index: number): Layer => (index % 2 === 0 ? { type: 'dense', units } : activation);
  return {
    title: '',
    batch: units / 2,
    input: [units],
    layers: [...Array.from({ length: layers - 2 }, (_, index) => link(index)), { type: 'dense', units: 4 }],
    loss: 'softmaxCrossEntropy',
    learningRate: 0.01,
  };
}

export interface Chains {
  /** Milliseconds from text to plan of 1,000 layers: the first time in a process, and later. */
  readonly firstCompile: number;
  readonly compile: number;
  /** Milliseconds of a step of 100 and of 1,000 layers. */
  readonly step100: number;
  readonly step1000: number;
  /** The time of a step of 200 layers whose gradient vanishes (sigmoid), divided by that of 200 layers whose gradient does not (ReLU). */
  readonly vanishing: number;
}

export async function measureChains(rounds: number): Promise<Chains> {
  const text = textOf(chain(1000));
  const began = performance.now();
  planBytes(text);
  const firstCompile = performance.now() - began;
  const [compile] = alternate([() => void planBytes(text)], rounds, 100);
  const backend = await openBackend(1);
  const models = [100, 1000].map((layers) => new Model(textOf(chain(layers)), backend));
  const [step100, step1000] = alternate(
    models.map((model) => () => void model.step()),
    rounds,
    100,
  );
  const [flows, vanishes] = [{ type: 'relu' } as const, { type: 'sigmoid' } as const].map(
    (activation) => new Model(textOf(chain(200, 64, activation)), backend),
  );
  const [, vanishing] = ratios([() => void flows.step(), () => void vanishes.step()], rounds, 200);
  return { firstCompile, compile, step100, step1000, vanishing };
}
