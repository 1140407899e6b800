/** Where a step's time goes, kernel by kernel. */
import type { Backend } from '../../../engine/kernels/backend.ts';
import type { Kernels, Window2d } from '../../../engine/kernels/kernels.ts';
import { networks } from '../networks.ts';
import { Model, openBackend, textOf } from './model.ts';
import { turn } from './time.ts';

export interface Profile {
  readonly network: string;
  readonly milliseconds: number;
  /** The largest share first. `rest` is the time outside of kernels: zeroing, losses, dispatch. */
  readonly parts: readonly { readonly kernel: string; readonly calls: number; readonly share: number }[];
}

interface Tally {
  calls: number;
  milliseconds: number;
}

/** The name of a call, with its sizes if these determine its cost. */
function labelOf(name: string, operands: readonly unknown[]): string {
  if (name === 'gemm') {
    const [m, n, k, , , , , , , , , , options] = operands as Parameters<Kernels['gemm']>;
    const { transposeA, transposeB } = options ?? {};
    return `product ${transposeA ? 'Aᵀ' : 'A'}·${transposeB ? 'Bᵀ' : 'B'} ${m}×${k}×${n}`;
  }
  const [first] = operands;
  if (typeof first !== 'object' || first === null || !('inputHeight' in first)) return name;
  const w = first as Window2d;
  return `${name} ${w.inputHeight}×${w.inputWidth}×${w.inputChannels} → ${w.outputChannels}`;
}

function timed<F extends (...operands: never[]) => unknown>(
  name: string,
  run: F,
  tallies: Map<string, Tally>,
): F {
  return ((...operands: never[]) => {
    const began = performance.now();
    const result = run(...operands);
    const took = performance.now() - began;
    const label = labelOf(name, operands);
    const tally = tallies.get(label) ?? { calls: 0, milliseconds: 0 };
    tally.calls++;
    tally.milliseconds += took;
    tallies.set(label, tally);
    return result;
  }) as F;
}

function watched(backend: Backend, tallies: Map<string, Tally>): Backend {
  const { kernels } = backend;
  const functions = Object.entries(kernels).map(([name, value]) => [
    name,
    typeof value === 'function' ? timed(name, value, tallies) : value,
  ]);
  const activations = Object.entries(kernels.activations).map(([type, activation]) => [
    type,
    Object.fromEntries(
      Object.entries(activation).map(([name, run]) => [name, timed(`${type} ${name}`, run, tallies)]),
    ),
  ]);
  const all = { ...Object.fromEntries(functions), activations: Object.fromEntries(activations) } as Kernels;
  return { ...backend, kernels: all };
}

export async function measureProfiles(): Promise<Profile[]> {
  const backend = await openBackend(1);
  return Object.entries(networks).map(([name, network]) => {
    const tallies = new Map<string, Tally>();
    const model = new Model(textOf(network), watched(backend, tallies));
    let steps = 0;
    const step = () => {
      steps++;
      model.step();
    };
    turn(step, 600);
    tallies.clear();
    steps = 0;
    const milliseconds = turn(step, 1400);
    const parts = [...tallies].map(([kernel, tally]) => ({
      kernel,
      calls: tally.calls / steps,
      share: tally.milliseconds / steps / milliseconds,
    }));
    const rest = 1 - parts.reduce((sum, { share }) => sum + share, 0);
    const ordered = [...parts, { kernel: 'rest', calls: 1, share: rest }].sort((a, b) => b.share - a.share);
    return { network: name, milliseconds, parts: ordered };
  });
}
