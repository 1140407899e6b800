/** The weights that a run keeps, as views of memory that another thread can save if the run's thread is ended. */
import * as l10n from '@vscode/l10n';
import { encodeSafetensors, type NamedTensor } from '../export/safetensors.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { End } from '../protocol/training.ts';
import type { Handover, RunWriter } from '../runs/writer.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { Commits, Copies } from './commits.ts';

/** Parameters and persistent state of every layer, as "layer.parameter". */
export function tensorsOf(runtime: Runtime): NamedTensor[] {
  return runtime.plan.layers.flatMap(({ layer, parameters, state }) => {
    const own = layer.spec.common.shares === undefined ? parameters : {};
    return Object.entries({ ...own, ...state }).map(([name, id]) => ({
      name: `${layer.name}.${name}`,
      shape: runtime.plan.buffers[id].shape,
      data: runtime.tensor(id).data,
    }));
  });
}

/** A tensor with the copies that are made of it. */
export type KeptTensor = NamedTensor & Copies;

export interface KeptWeights {
  readonly tensors: readonly KeptTensor[];
  /** Further metadata of the weights file: texts by their keys. */
  readonly metadata: { readonly [key: string]: string };
}

/** Everything that another thread needs to finish a run: plain data, and views of shared memory. */
export interface Kept extends KeptWeights {
  readonly handover: Handover;
}

/** The runtime's tensors for as long as it trains. Call it once, before the first step. */
export function keptTensors(
  runtime: Runtime,
  { earlyStopping }: TrainingSpec,
  commits: Commits,
): readonly KeptTensor[] {
  const states = runtime.plan.layers.flatMap(({ state }) => Object.values(state));
  const changing = new Set(states.map((id) => runtime.tensor(id).data));
  return tensorsOf(runtime).map((tensor) => ({
    ...tensor,
    ...commits.copy(tensor.data, changing.has(tensor.data), earlyStopping?.restoreBest === true),
  }));
}

/** Saves the weights of the last complete step, even during another step, or those of a better epoch. */
export async function saveKept(files: RunWriter, kept: KeptWeights, commits: Commits): Promise<void> {
  // These weights are useless; the ones saved before are better.
  if (whyUnusable(kept, commits) !== undefined) return;
  const whole = wholeTensors(kept, commits);
  const step = String(commits.keptStep);
  await files.saveWeights(encodeSafetensors(whole, { format: 'netloom', step, ...kept.metadata }));
}

const wholeTensors = ({ tensors }: KeptWeights, commits: Commits): NamedTensor[] =>
  tensors.map((tensor) => ({
    name: tensor.name,
    shape: tensor.shape,
    data: commits.whole(tensor.data, tensor),
  }));

/** A sentence on what is wrong with the weights; undefined if they are finite and belong to a complete step. */
function whyUnusable(kept: KeptWeights, commits: Commits): string | undefined {
  if (commits.isTorn) return l10n.t('The last update of the weights was interrupted.');
  const bad = wholeTensors(kept, commits).find(({ data }) => data.some((value) => !Number.isFinite(value)));
  return bad && l10n.t('The weights themselves contain NaN or infinity, for example "{0}".', bad.name);
}

/**
 * Whether a failed run leaves files unchanged: in the folder of another run before the first epoch is over, or if its weights
 * are untrained.
 */
const leavesFiles = (files: RunWriter, commits: Commits): boolean => files.isStaged || commits.keptStep === 0;

/** A sentence on the weights that a failed run leaves. */
export function weightsLeft(files: RunWriter, kept: KeptWeights, commits: Commits): string {
  if (leavesFiles(files, commits)) return l10n.t('The run saved no weights.');
  const reason = whyUnusable(kept, commits);
  if (reason !== undefined)
    return files.hasWeights
      ? l10n.t('{0} The weights of the last save are kept.', reason)
      : l10n.t('{0} The run saved no weights.', reason);
  const { betterEpoch, step } = commits;
  return betterEpoch === undefined
    ? l10n.t('The weights of step {0} are kept.', step)
    : l10n.t('The weights of epoch {0}, the best one, are kept.', betterEpoch);
}

/** Saves the final weights and closes the files. Returns the end event, with what could not be written. */
export async function finishRun(
  files: RunWriter,
  kept: KeptWeights,
  commits: Commits,
  end: End,
): Promise<End> {
  // A finished run is saved, too: early stopping may have restored earlier weights since the last epoch was saved.
  if (end.reason !== 'failed' || !leavesFiles(files, commits)) await saveKept(files, kept, commits);
  return files.end(end);
}
