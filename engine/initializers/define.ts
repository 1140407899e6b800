/** The initializer contract: how a parameter's first values are drawn. */

import type { Random } from '../kernels/random.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';

export interface InitializerTarget {
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}

export interface Spread {
  readonly mean: number;
  readonly std: number;
}

export interface InitializerDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** Mean and standard deviation of the values, where these do not follow the size of the layer. */
  spread?(attributes: Values<A>): Spread;
  fill(values: FloatArray, target: InitializerTarget, random: Random, attributes: Values<A>): void;
}

export function defineInitializer<const A extends AttributeTable>(
  definition: InitializerDefinition<A>,
): InitializerDefinition<A> {
  return definition;
}
