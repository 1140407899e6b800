/** The meaning of a `*.nn.json` document, after parsing: plain data, checked and completed by defaults. */
import type { LayerDefinition } from '../layers/define.ts';
import type { Json, Path } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { Fix } from '../schema/problem.ts';
import type { Severity } from '../schema/severity.ts';
import type { LayerKinds } from './blockKinds.ts';
import type { OutputRef } from './reference.ts';
import type { SpecEdit } from './specEdit.ts';

export const formatVersion = 1;

/** Coordinates in "layout" are at most so far from zero. Browsers cannot draw what is much farther away. */
export const farthestPosition = 1_000_000;

export type { OutputRef };

/** Attributes of every layer, in addition to its type, inputs and own attributes. */
export interface LayerCommon {
  /** Whether the layer only passes on its first input, as if it were not there. */
  readonly bypass: boolean;
  /** Whether its parameters are updated; otherwise they are frozen. */
  readonly trainable: boolean;
  /** Weights of the penalties Σ|w| and Σw² of its parameters in the loss. */
  readonly l1: number;
  readonly l2: number;
  /** The layer whose parameters it uses instead of its own. */
  readonly shares: string | undefined;
}

export interface LayerSpec extends Described {
  readonly name: string;
  readonly from: readonly OutputRef[];
  readonly common: LayerCommon;
  /** The kind with the name `type`; undefined if there is none. */
  readonly kind: LayerDefinition | undefined;
  /** Its path in the document's value: ["layers", "conv1"], or ["blocks", "residual", "conv1"]. */
  readonly path: Path;
  /** The attributes as written, for forms: without type and from. */
  readonly given: { readonly [attribute: string]: Json };
  /** In a block, the parameters of the block that attributes name instead of a value, by attribute. */
  readonly open?: { readonly [attribute: string]: string };
  /** For a copy of a layer of a block that uses the parameters of another copy (`common.shares`), if it has any. */
  readonly borrows?: true;
  /**
   * Whether the layer could be read without a mistake. Otherwise `type` is as written (it may be unknown), and `attributes` contains
   * those that could be read.
   */
  readonly valid: boolean;
}

/** Layers that are defined once and used by name. */
export interface BlockSpec {
  readonly name: string;
  /** In the order of the text. Includes its inputs and outputs, which are layers too (`blockKinds.ts`). */
  readonly layers: readonly LayerSpec[];
  /** The block as a kind of layer. */
  readonly kind: LayerDefinition;
  /** Kinds that it may contain. */
  readonly kinds: LayerKinds;
}

export interface LossSpec extends Described {
  /** The layer whose output is compared with the target. */
  readonly from: OutputRef;
  /** Its weight in the sum of losses. */
  readonly weight: number;
  /** Name of the dataset's target. Default: the one at the same position in the list. */
  readonly target: string | undefined;
}

export interface EarlyStopping {
  /** Epochs without improvement before stopping. */
  readonly patience: number;
  /** An improvement smaller than this does not count. */
  readonly minDelta: number;
  /** Restore the weights of the best epoch at the end. */
  readonly restoreBest: boolean;
}

/** The "training" section, as `trainingAttributes` (engine/spec/training.ts) reads it. */
export interface TrainingSpec {
  readonly data: Described;
  /** At least one. */
  readonly losses: readonly LossSpec[];
  readonly optimizer: Described;
  readonly schedule: Described | undefined;
  /** Default: those that the losses name. */
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
  /** Kinds that `layers` may contain: layer types and blocks. */
  readonly kinds: LayerKinds;
  readonly training?: TrainingSpec;
  readonly layout: ReadonlyMap<string, readonly [x: number, y: number]>;
}

/** Offsets into the text, in UTF-16 units, as VS Code counts. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A message for the author of a text: a problem (`problemCodes.ts`), or a finding (`engine/diagnose`). */
export interface Diagnostic<Code extends string = string> {
  /** Stable, e.g. "spec/unknown-type", "graph/cycle", "shape/kernel-too-large". */
  readonly code: Code;
  readonly severity: Severity;
  /** States where it is, what was expected, what was found, and what to do. */
  readonly message: string;
  /** The layer that it concerns, if any. */
  readonly layer?: string;
  /** The attribute that causes it, if any. */
  readonly attribute?: string;
  /** Place in the document's value: ["layers", "conv1", "kernelSize"]. */
  readonly path: Path;
  readonly range: Range;
  /** Its fix, if one edit is enough. The edit is applied to the current text, or refused. */
  readonly fix?: Fix<SpecEdit>;
}

export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}
