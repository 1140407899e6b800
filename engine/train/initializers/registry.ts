/** All initializers, one line each. */
import { type Described, kindOf, Registry } from '../../spec/kind.ts';
import type { Attribute } from '../../spec/attributes.ts';
import { constant, zeros } from './constant.ts';
import type { InitializerDefinition } from './define.ts';
import { glorotNormal, glorotUniform } from './glorot.ts';
import { heNormal, heUniform } from './he.ts';

export const initializers = new Registry<InitializerDefinition>('initializer', [
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  zeros,
  constant,
]);

/** The attribute of a layer that chooses how a parameter starts. */
export const initializer = (preset: string, doc: string): Attribute<Described> =>
  kindOf(initializers, { doc, default: preset });
