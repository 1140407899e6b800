/** All initializers, one line each. */

import type { Attribute } from '../schema/attributes.ts';
import { type Described, kindOf, Registry } from '../schema/kind.ts';
import { chrono } from './chrono.ts';
import { constant, zeros } from './constant.ts';
import type { InitializerDefinition } from './define.ts';
import { forgetGateOne } from './forgetGate.ts';
import { glorotNormal, glorotUniform } from './glorot.ts';
import { heNormal, heUniform } from './he.ts';
import { lecunNormal, lecunUniform } from './lecun.ts';
import { identity, orthogonal } from './matrix.ts';
import { normal, truncatedNormal, uniform } from './random.ts';
import { varianceScaling } from './varianceScaling.ts';

export const initializers = new Registry<InitializerDefinition>('initializer', [
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  varianceScaling,
  uniform,
  normal,
  truncatedNormal,
  orthogonal,
  identity,
  zeros,
  constant,
  forgetGateOne,
  chrono,
]);

/** The attribute of a layer that chooses how a parameter starts. */
export const initializer = (preset: string, doc: string): Attribute<Described> =>
  kindOf(initializers, { doc, default: preset });
