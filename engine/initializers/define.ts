/** The initializer contract: how a parameter's first values are drawn. */

import type { Random } from '../kernels/random.ts';
import { type FloatArray, sizeOf } from '../kernels/tensor.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';

export interface InitializerTarget {
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Of a parameter of this shape. Its last axis is its outputs and the one before it its inputs, unless it gives both itself. */
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
