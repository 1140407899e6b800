/** The inputs of a layer type. */
import type { InputPort, LayerDefinition } from '../layers/define.ts';

const oneInput: readonly InputPort[] = [{ name: 'input' }];

/** The input ports of a type. A type that declares none, and an unknown one, has one input. */
export const portsOf = (definition: LayerDefinition | undefined): readonly InputPort[] =>
  definition?.inputs ?? oneInput;

export interface Arity {
  readonly min: number;
  readonly max: number;
}

const one: Arity = { min: 1, max: 1 };

/** How many inputs a layer type requires, and how many it takes at most. */
export function arityOf(definition: LayerDefinition): Arity {
  const ports = portsOf(definition);
  // Most types, and networks may be large.
  if (ports === oneInput) return one;
  let required = 0;
  for (const port of ports) if (!port.optional && !port.variadic) required++;
  const variadic = ports.at(-1)?.variadic;
  return variadic
    ? { min: required + variadic.atLeast, max: Number.POSITIVE_INFINITY }
    : { min: required, max: ports.length };
}
