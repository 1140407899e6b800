/** The initializer contract: how the initial values of a parameter are drawn. */

import type { Random } from '../kernels/random.ts';
import { type FloatArray, sizeOf } from '../kernels/tensor.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';

export interface InitializerTarget {
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}

/**
 * The target for a parameter of this shape. The last axis has the outputs and the one before it the inputs, unless both are given.
 */
export function targetOf({
  shape,
  fanIn,
  fanOut,
}: Partial<InitializerTarget> & Pick<InitializerTarget, 'shape'>): InitializerTarget {
  const outputs = shape[shape.length - 1] ?? 1;
  const taps = sizeOf(shape.slice(0, -2));
  return { shape, fanIn: fanIn ?? sizeOf(shape) / outputs, fanOut: fanOut ?? outputs * taps };
}

export interface Spread {
  readonly mean: number;
  readonly std: number;
}

export interface InitializerDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** Mean and standard deviation of all the values together. */
  spread(attributes: Values<A>, target: InitializerTarget): Spread;
  fill(values: FloatArray, target: InitializerTarget, random: Random, attributes: Values<A>): void;
}

export function defineInitializer<const A extends AttributeTable>(
  definition: InitializerDefinition<A>,
): InitializerDefinition<A> {
  return definition;
}
