/** Networks of very many layers: compiling them, and one step of them. */
import { analyze } from '../../../engine/graph/analyze.ts';
import type { Layer, Network } from '../networks.ts';
import { Model, openBackend, planOf, textOf } from './model.ts';
import { alternate } from './time.ts';

/** Dense 16 and tanh in turns. */
function chain(layers: number): Network {
  const link = (index: number): Layer => (index % 2 === 0 ? { type: 'dense', units: 16 } : { type: 'tanh' });
  return {
    title: '',
    batch: 8,
    input: [16],
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
}

export async function measureChains(rounds: number): Promise<Chains> {
  const text = textOf(chain(1000));
  const began = performance.now();
  planOf(analyze(text));
  const firstCompile = performance.now() - began;
  const [compile] = alternate([() => void planOf(analyze(text))], rounds, 100);
  const backend = await openBackend(1);
  const models = [100, 1000].map((layers) => new Model(textOf(chain(layers)), backend));
  const [step100, step1000] = alternate(
    models.map((model) => () => void model.step()),
    rounds,
    100,
  );
  return { firstCompile, compile, step100, step1000 };
}
