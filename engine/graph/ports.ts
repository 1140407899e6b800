/** How many inputs a layer type takes. */
import type { InputPort, LayerDefinition } from '../layers/define.ts';

const oneInput: readonly InputPort[] = [{ name: 'input' }];

/** Of a type that does not say, or is unknown: one. */
export const portsOf = (definition: LayerDefinition | undefined): readonly InputPort[] =>
  definition?.inputs ?? oneInput;

export interface Arity {
  readonly min: number;
  readonly max: number;
}

export function arityOf(definition: LayerDefinition): Arity {
  const ports = portsOf(definition);
  const variadic = ports.at(-1)?.variadic;
  const single = variadic ? ports.slice(0, -1) : ports;
  const required = single.filter((port) => !port.optional).length;
  return variadic
    ? { min: required + variadic.atLeast, max: Number.POSITIVE_INFINITY }
    : { min: required, max: single.length };
}
