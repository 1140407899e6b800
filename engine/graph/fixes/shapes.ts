/**
 * Fixes of layers whose shapes do not fit: another value of the attribute that causes it, or a new layer before this one that gives
 * the required shape. Each is tried before it is offered, so a new kind of layer needs no change here.
 */
import * as l10n from '@vscode/l10n';
import type { LayerDefinition, Shape } from '../../layers/define.ts';
import { type Json, quote } from '../../schema/attributes.ts';
import type { LayerSpec } from '../../spec/document.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { bridgeBefore } from './bridge.ts';
import { type Fixer, inOne, type Subject } from './define.ts';
import { inferred, shapesOf, withWritten } from './tries.ts';

interface Case {
  readonly spec: LayerSpec;
  readonly definition: LayerDefinition;
  readonly inputs: readonly Shape[];
  readonly subject: Subject;
}

/** The first change of the layer's attributes, or of its input, with which its shapes fit. */
export const shapeFix: Fixer = (problem, subject) => {
  const spec = problem.layer === undefined ? undefined : subject.layers.get(problem.layer);
  const definition = spec?.kind;
  const inputs = spec && shapesOf(subject, spec.from);
  if (!spec || !definition || !inputs) return undefined;
  const one: Case = { spec, definition, inputs, subject };
  const name = problem.attribute;
  return (
    otherChoice(one) ??
    (name === undefined
      ? undefined
      : (exchanged(one, name) ?? otherValue(one, name) ?? withoutIt(one, name))) ??
    layerBetween(one)
  );
};

const worksWith = (
  { spec, definition, inputs, subject }: Case,
  written: { readonly [name: string]: Json },
): boolean => {
  const attributes = withWritten(definition, spec.attributes, written);
  return attributes !== undefined && inferred(subject, definition, attributes, inputs) !== undefined;
};

const setFix = ({ spec }: Case, written: { readonly [name: string]: Json }): ReturnType<Fixer> => ({
  title: Object.entries(written)
    .map(([name, value]) => l10n.t('Set "{0}" to {1}', name, quote(value)))
    .join(', '),
  edit: inOne(
    Object.entries(written).map(
      ([attribute, value]): SpecEdit => ({ kind: 'setAttribute', layer: spec.name, attribute, value }),
    ),
  ),
});

/** Another choice of an attribute, such as padding "same". */
function otherChoice(one: Case): ReturnType<Fixer> {
  for (const [name, { control }] of Object.entries(one.definition.attributes)) {
    if (control.kind !== 'choice') continue;
    for (const option of control.options)
      if (option !== one.spec.attributes[name] && worksWith(one, { [name]: option }))
        return setFix(one, { [name]: option });
  }
  return undefined;
}

/** Swaps two numbers. */
function exchanged(one: Case, name: string): ReturnType<Fixer> {
  const mine = one.spec.attributes[name];
  if (typeof mine !== 'number') return undefined;
  for (const [other, value] of Object.entries(one.spec.attributes)) {
    if (other === name || typeof value !== 'number' || value === mine) continue;
    const written = { [name]: value, [other]: mine };
    if (worksWith(one, written)) return setFix(one, written);
  }
  return undefined;
}

/** All whole numbers within this distance from the written one are tried. */
const around = 16;

/** The nearest number that works, for one number, for all of several, or for one of several. */
function otherValue(one: Case, name: string): ReturnType<Fixer> {
  const written = one.spec.given[name] ?? (one.spec.attributes[name] as Json | undefined);
  const sizes = [...new Set(one.inputs.flat())];
  const candidates =
    typeof written === 'number'
      ? numbersNear(written, sizes)
      : isNumbers(written)
        ? [
            ...numbersNear(Math.max(...written), sizes).map((limit) =>
              written.map((size) => Math.min(size, limit)),
            ),
            ...oneOther(written, one.inputs),
          ]
        : [];
  const value = candidates.find((candidate) => worksWith(one, { [name]: candidate }));
  return value === undefined ? undefined : setFix(one, { [name]: value });
}

const isNumbers = (value: Json | undefined): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((size) => typeof size === 'number');

function numbersNear(written: number, sizes: readonly number[]): number[] {
  const near = Array.from({ length: 2 * around + 1 }, (_, index) => written - around + index);
  const all = new Set([...sizes, ...near, 0, -1, 1].filter((value) => value !== written));
  return [...all].sort((a, b) => Math.abs(a - written) - Math.abs(b - written) || a - b);
}

/** One size changed so that the product is that of the input. */
function oneOther(written: readonly number[], inputs: readonly Shape[]): number[][] {
  const total = (inputs[0] ?? []).reduce((product, size) => product * size, 1);
  return written.flatMap((_, index) => {
    const others = written.reduce((product, size, place) => (place === index ? product : product * size), 1);
    const size = total / others;
    return Number.isInteger(size) && size > 0 ? [written.with(index, size)] : [];
  });
}

/** The attribute at its default. */
function withoutIt(one: Case, name: string): ReturnType<Fixer> {
  const preset = one.definition.attributes[name]?.default;
  if (preset === undefined || one.spec.given[name] === undefined) return undefined;
  const attributes = { ...one.spec.attributes, [name]: preset };
  if (!inferred(one.subject, one.definition, attributes, one.inputs)) return undefined;
  return {
    title: l10n.t('Remove "{0}"', name),
    edit: { kind: 'removeAt', path: ['layers', one.spec.name, name] },
  };
}

/** A layer that gives the first input another shape. */
function layerBetween({ spec, definition, inputs, subject }: Case): ReturnType<Fixer> {
  const [input, ...others] = inputs;
  if (!input) return undefined;
  return bridgeBefore(
    spec,
    input,
    (output) => inferred(subject, definition, spec.attributes, [output, ...others]) !== undefined,
    (name) => subject.layers.has(name),
    subject,
  );
}
