/**
 * Code that all elementwise activations share: shapes, samples, the layout of their documentation, and the choice between a
 * backend's fused kernel and the loops of the file. Each file contains its own loops, because V8 inlines a formula in a loop but
 * not one that is passed to a shared loop.
 */
import type { AttributeTable, Values } from '../schema/attributes.ts';
import type { Counterpart, Frameworks } from '../schema/frameworks.ts';
import {
  type BackwardPass,
  defineLayer,
  type ErrorSample,
  type FloatArray,
  type Inferred,
  type LayerDefinition,
  type Pass,
  type Problem,
  type Sample,
  sizeOf,
} from './define.ts';
import { onAnyAxes } from './frameworks/counterpart.ts';
import { keepsTime } from './time.ts';

/** Facts about an activation for its documentation. Each entry is a sentence or a formula in Markdown. */
export interface ActivationFacts {
  readonly summary: string;
  readonly formula: string;
  readonly derivative: string;
  readonly range: string;
  readonly zeroCentred: string;
  readonly saturates: string;
  readonly failure: string;
  readonly remedy: string;
  readonly source: string;
}

/** The reason why outputs of one sign slow training down; follows "outputs are …, so ". */
export const zigZag =
  'for a given sample the gradients of all weights of a unit in the next layer have the same sign, and the updates zigzag';

/** The documentation of an activation, in the order that all activations have in common. */
export function activationDoc(facts: ActivationFacts): string {
  return `${facts.summary}

- **Formula:** ${facts.formula}
- **Derivative:** ${facts.derivative}
- **Range:** ${facts.range}
- **Zero-centred:** ${facts.zeroCentred}
- **Saturates:** ${facts.saturates}
- **Known failure:** ${facts.failure}
- **Remedy:** ${facts.remedy}

${facts.source}`;
}

export interface ActivationDefinition<A extends AttributeTable>
  extends Pick<
    LayerDefinition<A>,
    | 'type'
    | 'label'
    | 'synonyms'
    | 'attributes'
    | 'saturationBounds'
    | 'reach'
    | 'canDie'
    | 'fusible'
    | 'isPositivePart'
    | 'linear'
    | 'produces'
  > {
  readonly facts: ActivationFacts;
  /** What other frameworks call it and its attributes. */
  readonly frameworks?: Frameworks<Counterpart<A>>;
  /**
   * Which of a backend's fused kernels computes it, and the numbers that this kernel takes; undefined for attributes
   * that none has. Default: the kernel with the name of the activation if it has no attributes, otherwise none.
   */
  fused?(attributes: Values<A>): FusedActivation | undefined;
  /** Multiplications and additions per element. A function call counts as one. */
  readonly flops: number;
  /** The derivative is discontinuous somewhere. */
  readonly kinks?: true;
  /** Further settings to run the generic tests on. */
  readonly variants?: readonly Pick<Required<Sample>, 'name' | 'attributes'>[];
  readonly errorSamples?: readonly ErrorSample[];
  /** The problem of attributes that are valid one by one but not together. */
  check?(attributes: Values<A>): { readonly problem: Problem } | undefined;
  /** y[i] = f(x[i]) for i < count. */
  forward(count: number, x: FloatArray, y: FloatArray, attributes: Values<A>): void;
  /** dx[i] += dy[i] · f′(x[i]) for i < count, where `y` has f(x). */
  backward(
    count: number,
    x: FloatArray,
    y: FloatArray,
    dy: FloatArray,
    dx: FloatArray,
    attributes: Values<A>,
  ): void;
  /**
   * dx[i] = dy[i] · f′(x[i]) for i < count, from y = f(x) alone; dx may be dy. A layer that has it can work in place and overwrite
   * gradients.
   */
  backwardFromOutput?(count: number, y: FloatArray, dy: FloatArray, dx: FloatArray): void;
}

export interface FusedActivation {
  readonly kernel: string;
  readonly parameter?: number;
  readonly second?: number;
}

export interface Elementwise extends Inferred {
  /** Elements of one sample, and the fused kernel that computes them where the backend has it. */
  readonly constants: { readonly size: number; readonly fused: FusedActivation | undefined };
}

/** Makes a layer of an elementwise function: its shape, its samples, its documentation and its passes. */
export function defineActivation<const A extends AttributeTable>(
  definition: ActivationDefinition<A>,
): LayerDefinition<A, Elementwise> {
  const {
    type,
    attributes,
    facts,
    flops,
    kinks,
    variants = [],
    saturationBounds,
    canDie,
    linear,
    produces,
  } = definition;
  const plain = Object.keys(attributes).length === 0 ? { kernel: type } : undefined;
  const jump = kinks ? { kinks } : {};
  return defineLayer<A, Elementwise>({
    type,
    category: 'activation',
    elementwise: true,
    label: definition.label,
    ...(definition.synonyms ? { synonyms: definition.synonyms } : {}),
    icon: 'graph-line',
    doc: activationDoc(facts),
    attributes,
    ...(saturationBounds ? { saturationBounds } : {}),
    ...(canDie ? { canDie } : {}),
    ...(definition.reach ? { reach: definition.reach } : {}),
    ...(linear ? { linear } : {}),
    ...(produces ? { produces } : {}),
    ...(definition.backwardFromOutput ? { inPlace: true, overwrites: true } : {}),
    ...(definition.fusible ? { fusible: definition.fusible } : {}),
    ...(definition.isPositivePart ? { isPositivePart: true } : {}),

    ...(definition.frameworks ? { frameworks: onAnyAxes(definition.frameworks) } : {}),

    time: keepsTime,

    infer(attributes, [input]) {
      const wrong = definition.check?.(attributes);
      if (wrong) return wrong;
      const size = sizeOf(input);
      const fused = definition.fused ? definition.fused(attributes) : plain;
      return { output: input, constants: { size, fused }, flops: flops * size };
    },

    forward({ kernels, batch, input, output, constants, attributes }: Pass<A, Elementwise>) {
      const count = batch * constants.size;
      const { fused } = constants;
      const kernel = fused && kernels.activations[fused.kernel];
      if (kernel) kernel.forward(count, input.data, output.data, fused.parameter, fused.second);
      else definition.forward(count, input.data, output.data, attributes);
    },

    backward({
      kernels,
      batch,
      input,
      output,
      gradInput,
      gradOutput,
      accumulateInput,
      constants,
      attributes,
    }: BackwardPass<A, Elementwise>) {
      if (!gradInput) return;
      const count = batch * constants.size;
      const { fused } = constants;
      const kernel = fused && kernels.activations[fused.kernel];
      const overwrite = kernel?.backwardFromOutput ?? definition.backwardFromOutput;
      if (overwrite && (gradInput === gradOutput || !accumulateInput))
        overwrite(count, output.data, gradOutput.data, gradInput.data);
      else if (kernel)
        kernel.backward(
          count,
          input.data,
          output.data,
          gradOutput.data,
          gradInput.data,
          fused.parameter,
          fused.second,
        );
      else definition.backward(count, input.data, output.data, gradOutput.data, gradInput.data, attributes);
    },

    samples: [
      { name: 'vector', inputs: [[7]], ...jump },
      { name: 'time axis', inputs: [[4, 3]], ...jump },
      { name: 'image', inputs: [[3, 2, 2]], ...jump },
      ...variants.map((variant) => ({ ...variant, inputs: [[6]], ...jump })),
    ],
    errorSamples: definition.errorSamples ?? [],
  });
}
