/** How a signal grows or fades from layer to layer in an untrained network, by the spread of its weights. */
import type { TypedGraph, TypedLayer } from '../graph/typed.ts';
import { readersIn, weightsOf } from './network.ts';

/** Layers in front of a place since the signal last had a known size. */
export interface Signal {
  /** The size relative to that at the beginning of these layers, as a root mean square. */
  readonly gain: number;
  /** The layers with weights among them, in order. */
  readonly layers: readonly TypedLayer[];
}

const fresh: Signal = { gain: 1, layers: [] };

/** Layers that pass a signal on in its size, nearly. */
const passing = ['shape', 'pooling', 'regularization'];

/**
 * The signal behind each layer. Each unit adds up its inputs, so a layer multiplies their size by √inputs times the size of its
 * weights; a ReLU passes half of the mean square ([He et al., 2015](https://arxiv.org/abs/1502.01852), section 2.2). Other activations, normalizations,
 * sums and recurrent layers set the size of their outputs themselves. So another chain of layers starts after them.
 */
export function signalsIn(graph: TypedGraph): ReadonlyMap<string, Signal> {
  const signals = new Map<string, Signal>();
  for (const layer of graph.layers) {
    const before = layer.from.length === 1 ? (signals.get(layer.from[0].layer) ?? fresh) : fresh;
    signals.set(layer.name, behind(graph, layer, before));
  }
  return signals;
}

function behind(graph: TypedGraph, layer: TypedLayer, before: Signal): Signal {
  const { category, linear, canDie } = layer.definition;
  const [kernel, ...others] = weightsOf(layer);
  if (canDie) return { ...before, gain: before.gain * Math.SQRT1_2 };
  if (passing.includes(category)) return before;
  if (!linear || !kernel || others.length > 0) return fresh;
  const size = Math.hypot(kernel.spread.std, kernel.spread.mean) * Math.sqrt(kernel.fanIn);
  const isBent = (readersIn(graph).get(layer.name) ?? []).every(({ definition }) => definition.canDie);
  return isBent ? { gain: before.gain * size, layers: [...before.layers, layer] } : fresh;
}
