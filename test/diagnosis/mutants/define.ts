/** The contract of a mutation operator: one kind of mistake that is planted in a healthy network, and the findings that are right for it. */
import type { Dataset } from '../../../engine/data/define.ts';
import { changeWritten, type SpecFix, together } from '../../../engine/diagnose/fixes.ts';
import type { NetworkLook } from '../../../engine/diagnose/look.ts';
import type { FindingCode } from '../../../engine/diagnose/registry.ts';
import type { Random } from '../../../engine/kernels/random.ts';
import type { Json } from '../../../engine/schema/attributes.ts';
import type { LayerSpec } from '../../../engine/spec/document.ts';
import type { SpecEdit } from '../../../engine/spec/specEdit.ts';

/** A change of the text, of the data that it opens, or of both. */
export interface Mutation {
  readonly edit?: SpecEdit;
  change?(dataset: Dataset, random: Random): Dataset;
}

export interface Operator {
  /** Says what it does to the network: "learning rate × 1000". */
  readonly name: string;
  /** Findings that name the mistake, or what it does in the layers. */
  readonly causes: readonly FindingCode[];
  /** Findings about the loss alone that are true as well. */
  readonly symptoms: readonly FindingCode[];
  /** The mistake does not lower the score: it is a fault wherever the operator applies. */
  readonly planted?: true;
  /** Undefined where it does not apply. Never changes a network that has no such part. */
  mutate(look: NetworkLook): Mutation | undefined;
}

/** Findings that a network shows when it learns nothing, or too little. */
export const learnsLittle = ['loss/plateau', 'fit/underfitting'] as const;

/** Sets one setting of the training. */
export const setting = (path: readonly (string | number)[], value: Json | undefined): Mutation => ({
  edit: { kind: 'setTraining', path: [...path], value },
});

/** All edits as one; undefined if there are none. */
export const all = (edits: readonly SpecEdit[]): Mutation | undefined =>
  edits.length === 0 ? undefined : { edit: together(edits) };

/** The first of some fixes. */
export const firstOf = ([fix]: readonly SpecFix[]): Mutation | undefined => fix && { edit: fix.edit };

/** The same fix in several layers. */
export const each = <T>(list: readonly T[], fixes: (one: T) => readonly SpecFix[]): Mutation | undefined =>
  all(list.flatMap((one) => fixes(one).slice(0, 1)).map(({ edit }) => edit));

/** Sets an attribute of each layer that the function gives values for, where the layers are written. */
export const attributes = (
  look: NetworkLook,
  values: (layer: LayerSpec) => { readonly [attribute: string]: Json | undefined },
): Mutation | undefined =>
  all(
    changeWritten(look, (layer) =>
      Object.entries(values(layer)).map(([attribute, value]) => ({
        kind: 'setAttribute',
        layer: layer.name,
        attribute,
        value,
      })),
    ),
  );
