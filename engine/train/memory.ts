/** The memory of a run: all parts are added up before any is allocated, and the sum is compared with one limit. */

import * as l10n from '@vscode/l10n';
import type { Dataset } from '../data/define.ts';
import { heldBytes } from '../data/memory.ts';
import { align, type Backend } from '../kernels/backend.ts';
import { sizeOf } from '../layers/define.ts';
import type { LayerPlan, Plan } from '../plan/plan.ts';
import type { MemoryParts } from '../protocol/events.ts';
import { ProblemError } from '../schema/problem.ts';
import { bytesText } from '../schema/text.ts';
import type { TrainingSpec } from '../spec/document.ts';
import { detailBytes } from '../stats/detailProbe.ts';
import { probeBytes } from '../stats/probes.ts';
import type { SavedWeights } from './checkpoint.ts';
import type { Model } from './model.ts';
import { tallyBytes } from './scores.ts';

export interface Run {
  readonly model: Model;
  readonly backend: Backend;
  readonly dataset: Dataset;
  readonly training: TrainingSpec;
  /** Weights that are evaluated. If given, nothing is trained. */
  readonly weights?: SavedWeights | undefined;
  /** Whether a training saves its weights. */
  readonly saves: boolean;
}

export interface RunMemory {
  readonly parts: MemoryParts;
  /** Bytes of all parts. */
  readonly total: number;
  /** Memory that the backend reserves for its calls, and memory that it allocates in total, in bytes. */
  readonly scratch: number;
  readonly allocated: number;
  /** The layer whose calls need the most of it; undefined if no layer needs more than the minimum. */
  readonly widest: LayerPlan | undefined;
}

/** Four tallies are in use: of a step, a window, an epoch and an evaluation. */
const tallies = 4;
/** Bytes for data that is too small to be counted separately: names, messages, numbers of one batch. */
const smallArrays = 65_536;
/** Approximate size of a tensor's entry in the header of a weights file, in bytes. */
const headerEntry = 200;

export function countMemory(run: Run): RunMemory {
  const { model, backend, dataset, training, weights, saves } = run;
  const { plan } = model;
  const needs = plan.layers.map((layer) => backend.scratchBytes(layer.layer.inferred.kernelNeeds ?? {}));
  const least = backend.scratchBytes({});
  const scratch = needs.reduce((most, bytes) => Math.max(most, bytes), least);
  const network = align(plan.bytes) + (weights ? 0 : probeBytes(plan));
  const allocated = network + align(scratch);
  const kernels = backend.bytesFor(allocated) - network;
  const parts: MemoryParts = {
    network,
    kernels,
    data: heldBytes(dataset) + batchBytes(model, dataset),
    weights: weights ? weightsRead(weights) : weightsKept(plan, training, saves),
    bookkeeping:
      tallies * tallyBytes(plan, training) +
      orderBytes(dataset) +
      smallArrays +
      (weights ? 0 : detailBytes(plan)),
  };
  return {
    parts,
    total: Object.values(parts).reduce((sum, bytes) => sum + bytes, 0),
    scratch,
    allocated,
    widest: scratch > least ? plan.layers[needs.indexOf(scratch)] : undefined,
  };
}

/** Targets of a batch that become one-hot vectors, are copied, or are used by no loss (train/loader.ts), and lengths. */
function batchBytes({ plan, targets }: Model, dataset: Dataset): number {
  const spread = dataset.targets.map(({ shape }, index) => {
    const used = targets.filter(({ field }) => field === index);
    const each = used.length === 0 ? 8 : used.some(({ oneHot }) => oneHot) ? 4 : 0;
    return each * sizeOf(shape) * plan.batchSize;
  });
  const lengths = 4 * plan.batchSize * (1 + plan.lengths.length);
  return spread.reduce((sum, bytes) => sum + bytes, lengths);
}

/** The order of the samples of each split, and sample numbers of a batch. */
const orderBytes = ({ train, test }: Dataset): number => 4 * (train.size + (test?.size ?? 0));

function weightsKept(plan: Plan, { earlyStopping }: TrainingSpec, saves: boolean): number {
  const bytesOf = (ids: { readonly [name: string]: number }) =>
    Object.values(ids).reduce((sum, id) => sum + plan.buffers[id].bytes, 0);
  let all = 0;
  let state = 0;
  let tensors = 0;
  for (const layer of plan.layers) {
    const own = layer.layer.spec.common.shares === undefined ? layer.parameters : {};
    all += bytesOf(own) + bytesOf(layer.state);
    state += bytesOf(layer.state);
    tensors += Object.keys(own).length + Object.keys(layer.state).length;
  }
  return state + (earlyStopping?.restoreBest ? all : 0) + (saves ? all + headerEntry * tensors : 0);
}

/** The tensors, and the file that they were read from. */
function weightsRead({ tensors }: SavedWeights): number {
  return 2 * [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
}

/** Throws ProblemError with all parts, at the place in the spec that reduces the largest part. */
export function refuseTooMuch({ model, backend }: Run, memory: RunMemory, limit: number): void {
  const { mostBytes } = backend;
  const { parts, total } = memory;
  const { network, kernels } = parts;
  const isBeyond = network + kernels > mostBytes;
  if (total <= limit && !isBeyond) return;
  const named = nameParts(model.plan, memory);
  const largest = named.reduce((most, part) => (part.bytes > most.bytes ? part : most));
  const list = named
    .filter(({ bytes }) => bytes > 0)
    .map(({ name, bytes }) => l10n.t('{0} for {1}', bytesText(bytes), name))
    .join(', ');
  const message = isBeyond
    ? l10n.t(
        'the run needs {0} of memory ({1}), of which network and kernels can have {2} at most. {3}.',
        bytesText(total),
        list,
        bytesText(mostBytes),
        largest.remedy,
      )
    : l10n.t(
        'the run needs {0} of memory, more than the limit of {1}: {2}. {3}, or raise the setting netloom.training.memoryLimit.',
        bytesText(total),
        bytesText(limit),
        list,
        largest.remedy,
      );
  throw new ProblemError('plan/memory', message, largest.path);
}

interface NamedPart {
  readonly name: string;
  readonly bytes: number;
  /** How to reduce it. */
  readonly remedy: string;
  readonly path: readonly (string | number)[];
}

function nameParts(plan: Plan, { parts, widest }: RunMemory): readonly NamedPart[] {
  const heavy = heaviestLayer(plan);
  const byParameters = heaviestByParameters(plan);
  const wide = widest?.layer.name ?? heavy;
  return [
    {
      name: l10n.t('the network ({0} takes the most)', heavy),
      bytes: parts.network,
      remedy: l10n.t('Make {0} smaller or lower "batchSize" ({1})', heavy, plan.batchSize),
      path: ['layers', heavy],
    },
    {
      name: l10n.t('working memory of its kernels ({0} takes the most)', wide),
      bytes: parts.kernels,
      remedy: l10n.t('Reduce the dilation, padding or channels of {0}, or use fewer threads', wide),
      path: ['layers', wide],
    },
    {
      name: l10n.t('the data'),
      bytes: parts.data,
      remedy: l10n.t('Use fewer or smaller samples'),
      path: ['training', 'data'],
    },
    {
      name: l10n.t('copies of the weights'),
      bytes: parts.weights,
      remedy: l10n.t('Make {0} smaller', byParameters),
      path: ['layers', byParameters],
    },
    {
      name: l10n.t('metrics and the order of the samples'),
      bytes: parts.bookkeeping,
      remedy: l10n.t('Use fewer samples, or metrics that do not count each pair of classes'),
      path: ['training', 'metrics'],
    },
  ];
}

function heaviestLayer(plan: Plan): string {
  const largest = plan.buffers.reduce((most, buffer) => (buffer.bytes > most.bytes ? buffer : most));
  const layer = plan.layers.find((one) => largest.name.startsWith(`${one.layer.name}.`))?.layer.name;
  return layer ?? heaviestByParameters(plan);
}

function heaviestByParameters(plan: Plan): string {
  const bytesOf = (ids: { readonly [name: string]: number }) =>
    Object.values(ids).reduce((sum, id) => sum + plan.buffers[id].bytes, 0);
  return plan.layers.reduce((most, one) => (bytesOf(one.parameters) > bytesOf(most.parameters) ? one : most))
    .layer.name;
}
