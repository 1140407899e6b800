/** One layer with its own buffers, outside of a plan: for checks of a layer and for reference vectors. */

import type { Backend } from '../kernels/backend.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { Random } from '../kernels/random.ts';
import { Registry } from '../schema/kind.ts';
import { mapValues } from '../schema/objects.ts';
import {
  type BackwardPass,
  type BufferSpec,
  type Inferred,
  type LayerDefinition,
  type Shape,
  sizeOf,
  type Tensor,
} from './define.ts';

export interface StandaloneSettings {
  readonly definition: LayerDefinition;
  /** Attributes as in a spec. Absent ones have their defaults. */
  readonly attributes?: { readonly [name: string]: unknown };
  /** Sample shapes, without the batch axis. */
  readonly inputs: readonly Shape[];
  readonly batch: number;
  readonly float: 'float64' | 'float32';
  readonly kernels: Kernels;
  /** Memory that the kernels can work on. Default: any. */
  readonly allocate?: Backend['allocate'];
  /** Inputs that are data and get no gradient. */
  readonly withoutInputGradients?: boolean;
  readonly lengths?: readonly number[];
  /** The axis of the inputs along which `lengths` count. Default: the first. */
  readonly timeAxis?: number;
}

type Named = { readonly [name: string]: Tensor };

/** Attributes as the reader of a spec returns them. Throws if they are not valid. */
export function readAttributes(
  definition: LayerDefinition,
  attributes: { readonly [name: string]: unknown } = {},
): Parameters<LayerDefinition['infer']>[0] {
  const registry = new Registry('layer', [definition]);
  const reading = registry.read({ type: definition.type, ...attributes } as Parameters<
    typeof registry.read
  >[0]);
  if ('problems' in reading)
    throw new Error(`${definition.type}: ${reading.problems.map(({ message }) => message).join('; ')}`);
  return reading.value.attributes as ReturnType<typeof readAttributes>;
}

/** The buffers of the layer, initially zero, and the pass that uses them. */
export class StandaloneLayer {
  readonly definition: LayerDefinition;
  readonly inferred: Inferred;
  readonly pass: BackwardPass;
  readonly #random = new Random(1);
  #draws = 0;

  /** Throws when the shapes do not fit the attributes. */
  constructor(settings: StandaloneSettings) {
    const { definition, inputs: shapes, batch, float, kernels, lengths } = settings;
    const attributes = readAttributes(definition, settings.attributes);
    const inferred = definition.infer(attributes, shapes);
    if ('problem' in inferred) throw new Error(`${definition.type}: ${inferred.problem.message}`);
    this.definition = definition;
    this.inferred = inferred;
    const allocate = settings.allocate ?? ((bytes) => ({ buffer: new ArrayBuffer(bytes), base: 0 }));
    const FloatBuffer = float === 'float64' ? Float64Array : Float32Array;
    const whole = (shape: Shape, Buffer: typeof FloatBuffer | typeof Int32Array = FloatBuffer): Tensor => {
      const { buffer, base } = allocate(sizeOf(shape) * Buffer.BYTES_PER_ELEMENT);
      // A buffer of integers is returned only where the layer requests one.
      return { shape, data: new Buffer(buffer as ArrayBuffer, base, sizeOf(shape)) as Tensor['data'] };
    };
    const batched = (shape: Shape): Tensor => whole([batch, ...shape]);
    const buffer = (spec: BufferSpec): Tensor => {
      const shape = spec.batched ? [batch, ...spec.shape] : spec.shape;
      return spec.type === 'float' ? whole(shape) : whole(shape, Int32Array);
    };
    const inputs = shapes.map(batched);
    const gradInputs = shapes.map((shape) => (settings.withoutInputGradients ? undefined : batched(shape)));
    this.pass = {
      attributes,
      batch,
      training: true,
      kernels,
      random: this.#random,
      lengths: lengths ? Int32Array.from(lengths) : undefined,
      timeAxis: settings.timeAxis ?? 0,
      inputs,
      input: inputs[0],
      output: batched(inferred.output),
      extraOutputs: mapValues(inferred.extraOutputs, batched),
      parameters: mapValues(inferred.parameters, ({ shape }) => whole(shape)),
      saved: mapValues(inferred.saved, buffer),
      scratch: mapValues(inferred.scratch, buffer),
      state: mapValues(inferred.state, buffer),
      constants: inferred.constants ?? {},
      accumulateInput: true,
      accumulateParameters: true,
      gradInputs,
      gradInput: gradInputs[0],
      gradOutput: batched(inferred.output),
      gradExtraOutputs: mapValues(inferred.extraOutputs, batched),
      gradParameters: mapValues(inferred.parameters, ({ shape }) => whole(shape)),
    };
    for (const [name, { initial }] of Object.entries(inferred.state ?? {}))
      (this.pass.state as Named)[name].data.fill(initial);
  }

  /** Runs the layer on the first `batch` rows. The random stream starts at the same address every time. */
  forward(training = true, batch = this.pass.output.shape[0]): void {
    Object.assign(this.pass, { training, batch });
    this.#random.reset(1, 0, this.#draws);
    this.definition.forward(this.pass);
  }

  /** The gradients of the last forward pass. */
  backward(): void {
    this.definition.backward(this.pass);
  }

  /** Makes later forward passes draw other random numbers. */
  drawAnew(): void {
    this.#draws++;
  }

  /** Whether the last forward pass drew random numbers. */
  get drew(): boolean {
    return this.#random.next() !== new Random(1, 0, this.#draws).next();
  }
}
