/** Writes a network for contenders to read: one JSON file, and beside it the initial numbers, which are the same for all. */
import { writeFileSync } from 'node:fs';
import { Random } from '../../engine/kernels/random.ts';
import { type Network, sizeOf, weightsOf } from './networks.ts';

/** The content of `FILE.json`. `FILE.bin` contains float32: the input of a batch, then each weight tensor. */
export interface Task extends Network {
  readonly name: string;
  /** A class for each sample, or a number. */
  readonly targets: readonly number[];
  readonly weightShapes: readonly (readonly number[])[];
}

/** Weights uniform with variance 1 / inputs; data uniform in ±1. Returns the path of the JSON file. */
export function writeTask(folder: string, name: string, network: Network): string {
  const random = new Random(1);
  const weights = weightsOf(network);
  const numbers: number[] = [];
  const draw = (count: number, limit: number) => {
    for (let i = 0; i < count; i++) numbers.push(limit * (2 * random.uniform() - 1));
  };
  draw(network.batch * sizeOf(network.input), 1);
  for (const shape of weights) draw(sizeOf(shape), Math.sqrt(3 / sizeOf(shape.slice(0, -1))));
  const modulus = network.loss === 'softmaxCrossEntropy' ? 10 : 2;
  const task: Task = {
    name,
    ...network,
    targets: Array.from({ length: network.batch }, (_, sample) => sample % modulus),
    weightShapes: weights,
  };
  writeFileSync(`${folder}/${name}.json`, JSON.stringify(task));
  writeFileSync(`${folder}/${name}.bin`, Float32Array.from(numbers));
  return `${folder}/${name}.json`;
}
