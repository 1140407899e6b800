/** The meaning of a `*.nn.json` document, after parsing: plain data, checked and completed by defaults. */
import type { LayerDefinition } from '../layers/define.ts';
import type { Json, Path } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { Fix } from '../schema/problem.ts';
import type { LayerKinds } from './blockKinds.ts';
import type { OutputRef } from './reference.ts';
import type { SpecEdit } from './specEdit.ts';

export const formatVersion = 1;

export type { OutputRef };

/** What every layer may say beside its type, inputs and own attributes. */
export interface LayerCommon {
  /** Its first input passes through it unchanged, as if it were not there. */
  readonly bypass: boolean;
  /** Its parameters are updated; otherwise they are frozen. */
  readonly trainable: boolean;
  /** Weights of the penalties Σ|w| and Σw² of its parameters in the loss. */
  readonly l1: number;
  readonly l2: number;
  /** The layer whose parameters it uses in place of its own. */
  readonly shares: string | undefined;
}

export interface LayerSpec extends Described {
  readonly name: string;
  readonly from: readonly OutputRef[];
  readonly common: LayerCommon;
  /** What `type` names; undefined when that is not known here. */
  readonly kind: LayerDefinition | undefined;
  /** Where it stands in the document's value: ["layers", "conv1"], or ["blocks", "residual", "conv1"]. */
  readonly path: Path;
  /** What the text says, unread, for forms: without type and from. */
  readonly given: { readonly [attribute: string]: Json };
  /** A copy of a layer of a block that has the parameters of another copy (`common.shares`), as far as it has any. */
  readonly borrows?: true;
  /**
   * The layer could be read without a mistake. Otherwise `type` is what the text says (it may be unknown)
   * and `attributes` holds those that could be read.
   */
  readonly valid: boolean;
}

/** Layers that are defined once and used by name. */
export interface BlockSpec {
  readonly name: string;
  /** In the order of the text, with its inputs and outputs, which are layers too (`blockKinds.ts`). */
  readonly layers: readonly LayerSpec[];
  /** Itself as a kind of layer. */
  readonly kind: LayerDefinition;
  /** What may stand in it. */
  readonly kinds: LayerKinds;
}

export interface LossSpec extends Described {
  /** The layer whose output is compared with the target. */
  readonly from: OutputRef;
  /** Its share in the sum of losses. */
  readonly weight: number;
  /** Name of the dataset's target; undefined: the one at the same place in the list. */
  readonly target: string | undefined;
}

export interface EarlyStopping {
  /** Epochs without improvement before stopping. */
  readonly patience: number;
  /** An improvement smaller than this does not count. */
  readonly minDelta: number;
  /** Go back to the weights of the best epoch at the end. */
  readonly restoreBest: boolean;
}

/** The "training" section, as `trainingAttributes` (engine/spec/training.ts) reads it. */
export interface TrainingSpec {
  readonly data: Described;
  /** At least one. */
  readonly losses: readonly LossSpec[];
  readonly optimizer: Described;
  readonly schedule: Described | undefined;
  /** Undefined: those the losses name. */
  readonly metrics: readonly Described[] | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  /** Limit of the norm of all gradients together. */
  readonly clipNorm: number | undefined;
  /** Limit of every single gradient. */
  readonly clipValue: number | undefined;
  /** Batches whose gradients are averaged into one update. */
  readonly accumulate: number;
  readonly earlyStopping: EarlyStopping | undefined;
}

export interface NetworkSpec {
  /** In the order of the text. */
  readonly layers: readonly LayerSpec[];
  /** By name. */
  readonly blocks: ReadonlyMap<string, BlockSpec>;
  /** What `layers` may hold: layer types, and blocks. */
  readonly kinds: LayerKinds;
  readonly training?: TrainingSpec;
  readonly layout: ReadonlyMap<string, readonly [x: number, y: number]>;
}

/** Offsets into the text, in UTF-16 units, as VS Code counts. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a text's author should know: a problem that reading it met (`problemCodes.ts`), or a finding (`engine/diagnose`). */
export interface Diagnostic<Code extends string = string> {
  /** Stable, e.g. "spec/unknown-type", "graph/cycle", "shape/kernel-too-large". */
  readonly code: Code;
  readonly severity: 'error' | 'warning' | 'info';
  /** Where · what was expected · what was found · what to do. */
  readonly message: string;
  /** The layer concerned, if one is. */
  readonly layer?: string;
  /** Its attribute, if one is to blame. */
  readonly attribute?: string;
  /** Place in the document's value: ["layers", "conv1", "kernelSize"]. */
  readonly path: Path;
  readonly range: Range;
  /** What fixes it, where that is one edit. The edit is made in the text as it is now, or refused. */
  readonly fix?: Fix<SpecEdit>;
}

export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}
