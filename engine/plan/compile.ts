/** Typed graph → plan: which buffers a network needs, when they live, and in what order the steps run. */
import type { TimeAxes } from '../graph/lengths.ts';
import type { TypedGraph } from '../graph/typed.ts';
import { BufferTable } from './bufferTable.ts';
import { LayerLayout } from './layerLayout.ts';
import { layoutParameters, ownParameterCount } from './parameterLayout.ts';
import { placeAll } from './placement.ts';
import type { Float, Plan, PlannedLoss } from './plan.ts';
import { orderSteps } from './steps.ts';

export interface CompileOptions {
  readonly batchSize: number;
  readonly float: Float;
  /** Without any, the plan only runs forward. */
  readonly losses: readonly PlannedLoss[];
  /** Names of the optimizer's running values; absent if nothing is trained. */
  readonly slots?: readonly string[];
  /** The time axes, if samples differ in length. */
  readonly times?: TimeAxes;
}

export function compile(graph: TypedGraph, options: CompileOptions): Plan {
  const { batchSize, float, losses: planned, slots, times = new Map() } = options;
  const table = new BufferTable(batchSize, float === 'float64' ? 8 : 4);
  const parameters = layoutParameters(graph, table, planned, slots);
  const { layers, losses, lengths } = new LayerLayout(graph, table, parameters, planned, times);
  const steps = orderSteps(layers, losses, table);
  return {
    float,
    batchSize,
    ...placeAll(table, layers, losses, steps),
    layers,
    losses,
    steps,
    lengths,
    update: parameters.update,
    previous: parameters.previous,
    parameterCount: graph.layers.reduce((sum, layer) => sum + ownParameterCount(layer), 0),
  };
}
