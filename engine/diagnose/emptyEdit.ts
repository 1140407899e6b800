/** Edits that change nothing: they set what is so already, as the default of an attribute often is. */
import { type Json, readAttribute } from '../schema/attributes.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import type { NetworkLook } from './look.ts';

export const changesNothing = (look: NetworkLook, edit: SpecEdit): boolean =>
  edit.kind === 'several'
    ? edit.edits.every((one) => changesNothing(look, one))
    : edit.kind === 'setAttribute'
      ? isSoInLayer(look, edit.layer, edit.attribute, edit.value as Json | undefined)
      : edit.kind === 'setTraining' && isSoInTraining(look, edit.path, edit.value as Json | undefined);

function isSoInLayer(
  { analysis }: NetworkLook,
  layer: string,
  name: string,
  value: Json | undefined,
): boolean {
  const typed = analysis.graph.byName.get(layer);
  const { [name]: attribute } = typed?.definition.attributes ?? {};
  if (!typed || !attribute) return false;
  const reading = readAttribute<unknown>(attribute, value);
  return 'value' in reading && isSame(reading.value, typed.spec.attributes[name]);
}

/** Compared as written. */
function isSoInTraining(
  { analysis }: NetworkLook,
  path: readonly (string | number)[],
  value: Json | undefined,
): boolean {
  let given: unknown = analysis.trainingGiven;
  for (const step of path)
    given =
      given !== null && typeof given === 'object' && Object.hasOwn(given, step)
        ? (given as { readonly [key: string | number]: unknown })[step]
        : undefined;
  return isSame(given, value);
}

/** Both are values of JSON, or undefined. */
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
