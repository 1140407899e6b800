/**
 * The state of a training: everything that determines how it continues, as plain data. Restored into a new training of
 * the same network, data and seed, it gives the same bits as the original run. Random draws and the order of samples
 * are addressed by seed, epoch and step, so there is no generator to save.
 */

import * as l10n from '@vscode/l10n';
import type { DiagnosisState } from '../diagnose/memory.ts';
import type { Tensor } from '../kernels/tensor.ts';
import { ProblemError } from '../schema/problem.ts';
import { shapeText } from '../schema/text.ts';
import type { Patience } from './bestWeights.ts';
import type { Best } from './commits.ts';
import type { CurvePosition } from './curve.ts';

/** The position of a training between two steps. */
export interface Progress {
  readonly seed: number;
  /** Steps so far. */
  readonly step: number;
  /** Updates of the parameters so far. */
  readonly updates: number;
  /** Complete epochs, with their evaluation. */
  readonly epochs: number;
  /** Batches so far in the current epoch. */
  readonly batch: number;
  /** The loss of each complete epoch that schedules and early stopping judge. */
  readonly epochLosses: readonly number[];
  /** What the gradients of each loss are divided by, during an accumulation; otherwise empty. */
  readonly divisors: readonly number[];
  readonly patience: Patience;
  /** The epoch of the tensors under "best/". */
  readonly best: Best;
  readonly curve: CurvePosition;
  /** What the rules of the diagnosis have detected so far. */
  readonly diagnosis: DiagnosisState;
}

export interface TrainingState {
  readonly progress: Progress;
  /**
   * By name: "weights/" parameters and persistent state of layers, "slots/" of the optimizer, "gradients/" that wait for an
   * update, "best/" weights of the best epoch, "curve/" sums of the scores so far, "probe/" state of statistics.
   */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Copies, which later steps do not change. */
export function copyTensors(live: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map(
    [...live].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  );
}

/** Throws ProblemError where `saved` are not the tensors of this training. */
export function checkTensors(saved: TrainingState['tensors'], live: ReadonlyMap<string, Tensor>): void {
  for (const [name, { shape }] of live) {
    const found = saved.get(name);
    if (found?.shape.join() !== shape.join())
      throw otherNetwork(
        name,
        found ? l10n.t('are {0}', shapeText(found.shape)) : l10n.t('do not contain it'),
        l10n.t('needs {0}', shapeText(shape)),
      );
  }
  for (const [name, { shape }] of saved)
    if (!live.has(name))
      throw otherNetwork(name, l10n.t('are {0}', shapeText(shape)), l10n.t('does not have it'));
}

const otherNetwork = (name: string, found: string, expected: string): ProblemError =>
  new ProblemError(
    'state/other-network',
    l10n.t(
      '{0}: the saved values {1}, but the training {2}. The network or its training section has changed since; start a new run.',
      name,
      found,
      expected,
    ),
    [],
  );
