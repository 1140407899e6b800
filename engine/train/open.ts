/** The main entry: from a network's text to a training that is ready for its first step. */

import * as l10n from '@vscode/l10n';
import { DataError, type Dataset, type DataWarning, dataPlace } from '../data/define.ts';
import { type FileContext, fileContext } from '../data/files.ts';
import { datasets } from '../data/registry.ts';
import type { LimitSettings } from '../diagnose/limits.ts';
import { analyze } from '../graph/analyze.ts';
import { settingFix } from '../graph/fixes/dataSetting.ts';
import { startTraining } from '../graph/fixes/training.ts';
import type { Analysis } from '../graph/typed.ts';
import type { Backend } from '../kernels/backend.ts';
import type { Float } from '../plan/plan.ts';
import { Runtime } from '../plan/runtime.ts';
import type { Warning } from '../protocol/events.ts';
import { ProblemError } from '../schema/problem.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { SavedWeights } from './checkpoint.ts';
import type { Commits } from './commits.ts';
import { lastRowWarnings } from './lastRow.ts';
import { Loader } from './loader.ts';
import { countMemory, type RunMemory, refuseTooMuch } from './memory.ts';
import { buildModel, type Model } from './model.ts';
import { asTrained, changedFiles, type Provenance, unknownProvenance } from './provenance.ts';
import { Training, type TrainingParts } from './training.ts';

/** 2 GiB: what a laptop can spare beside an editor. */
export const defaultMemoryLimit = 2 ** 31;

/** A network without errors, and how it is to be trained. */
export interface Network {
  readonly analysis: Analysis;
  readonly training: TrainingSpec;
}

/** `changes` replaces settings of the text's training section. Throws ProblemError at the text's first error. */
export function readNetwork(text: string, changes: Partial<TrainingSpec> = {}): Network {
  const analysis = analyze(text);
  const error = analysis.diagnostics.find(({ severity }) => severity === 'error');
  if (error) throw new ProblemError(error.code, error.message, error.path, error.fix);
  const { training } = analysis.spec;
  if (!training)
    throw new ProblemError(
      'spec/no-training',
      l10n.t(
        'the network has no "training" section, so there is nothing to train on. Add one with data, loss and optimizer.',
      ),
      [],
      startTraining(analysis),
    );
  return { analysis, training: { ...training, ...changes } };
}

export interface AssemblyOptions {
  /** Default: float32. */
  readonly float?: Float;
  /** Bytes that the run may take (train/memory.ts). */
  readonly memoryLimit?: number;
  /** Limits of findings from the settings, by "code/limit". */
  readonly limits?: LimitSettings;
  /** Whether its weights will be saved. Default: no. */
  readonly saves?: boolean;
  /** Shared with the thread that may end the run. */
  readonly commits?: Commits;
}

/** A backend, or a function that opens one for a plan of this many bytes. Whoever opens it must dispose of it. */
export type BackendSource = Backend | ((planBytes: number) => Backend);

/** Joins a network and data on a backend. Throws ProblemError where they do not fit or are too large. */
export function assemble(
  network: Network,
  dataset: Dataset,
  options: AssemblyOptions,
  backend: BackendSource,
): TrainingParts {
  return runOn(modelOf(network, dataset, options), network, dataset, options, backend).parts;
}

/** Compiles the network for the data, and returns which field belongs to which input and loss. Throws ProblemError likewise. */
export function modelOf({ analysis, training }: Network, dataset: Dataset, options: AssemblyOptions): Model {
  const { float = 'float32' } = options;
  return buildModel(analysis, training, dataset, { float });
}

function runOn(
  model: Model,
  { analysis, training }: Network,
  dataset: Dataset,
  options: AssemblyOptions & { readonly weights?: SavedWeights },
  source: BackendSource,
): { readonly parts: TrainingParts; readonly memory: RunMemory } {
  const { commits, limits, memoryLimit = defaultMemoryLimit, saves = false, weights } = options;
  const backend = typeof source === 'function' ? source(model.plan.bytes) : source;
  try {
    const counted = { model, backend, dataset, training, saves, weights };
    const memory = countMemory(counted);
    refuseTooMuch(counted, memory, memoryLimit);
    backend.reserve(memory.scratch, memory.allocated);
    const runtime = new Runtime(model.plan, backend, training.seed);
    const loader = new Loader(model, runtime, dataset);
    return {
      parts: {
        analysis,
        runtime,
        loader,
        dataset,
        training,
        ...(commits ? { commits } : {}),
        ...(limits ? { limits } : {}),
      },
      memory,
    };
  } catch (error) {
    if (typeof source === 'function') backend.dispose?.();
    throw error;
  }
}

export interface OpenContext extends AssemblyOptions {
  /** Folder that the data's paths are relative to. */
  readonly folder: string;
  /** Settings that replace those of the text's training section. */
  readonly changes?: Partial<TrainingSpec>;
  /** Weights to score. The data are split and scaled as in their training. */
  readonly weights?: SavedWeights;
}

export interface Opened {
  readonly parts: TrainingParts;
  /** Warnings that do not stop a run. */
  readonly warnings: readonly Warning[];
  readonly memory: RunMemory;
  /** The data's provenance, saved with the weights. */
  readonly trainedOn: Provenance;
}

export interface OpenedData {
  readonly network: Network;
  readonly dataset: Dataset;
  /** Warnings that do not stop a run. */
  readonly warnings: readonly Warning[];
  /** The data's provenance, saved with the weights. */
  readonly trainedOn: Provenance;
}

/** Reads a network and opens the data that it names. Throws ProblemError if one of them cannot be read. */
export async function openData(text: string, context: OpenContext): Promise<OpenedData> {
  const { folder, changes, weights } = context;
  const { analysis, training: written } = readNetwork(text, changes);
  const { training, warnings } = settle(written, weights);
  const trained = weights?.trainedOn;
  const { source } = training.data.attributes;
  const files = fileContext(folder, {
    seed: training.seed,
    ...(typeof source === 'string' ? { source } : {}),
    memoryLimit: context.memoryLimit ?? defaultMemoryLimit,
    ...(trained ? { trained: trained.state } : {}),
  });
  const dataset = await openDataset(training, files);
  warnings.push(...(dataset.warnings ?? []).map(placed));
  if (!weights) warnings.push(...lastRowWarnings(analysis.graph, training.batchSize, dataset.train.size));
  if (trained) warnings.push(...changedFiles(trained, files.files));
  return {
    network: { analysis, training },
    dataset,
    warnings,
    trainedOn: {
      seed: training.seed,
      data: training.data,
      files: files.files,
      state: dataset.state ?? null,
    },
  };
}

/** A mistake in the data that one edit of the network removes is thrown with that edit. */
async function openDataset({ data }: TrainingSpec, files: FileContext): Promise<Dataset> {
  try {
    return await datasets.get(data.type).open(data.attributes, files);
  } catch (error) {
    if (!(error instanceof DataError) || !error.details.setting) throw error;
    const fix = settingFix(data.attributes, error.details.setting);
    throw new DataError(error.code, error.message, error.place, error.details, fix);
  }
}

/** Also joins the two on a backend. Throws ProblemError likewise. */
export async function openParts(text: string, context: OpenContext, backend: BackendSource): Promise<Opened> {
  const { network, dataset, warnings, trainedOn } = await openData(text, context);
  let model: Model;
  try {
    model = modelOf(network, dataset, context);
  } catch (error) {
    throw withWarnings(error, warnings);
  }
  return { ...runOn(model, network, dataset, context, backend), warnings, trainedOn };
}

/** The same for a training, which can be run step by step, captured and restored. */
export async function openTraining(
  text: string,
  context: OpenContext,
  backend: BackendSource,
): Promise<Opened & { readonly training: Training }> {
  const opened = await openParts(text, context, backend);
  return { ...opened, training: new Training(opened.parts) };
}

/** The settings with which the weights were trained take precedence over those of the spec. */
function settle(
  training: TrainingSpec,
  weights: SavedWeights | undefined,
): { readonly training: TrainingSpec; readonly warnings: Warning[] } {
  if (!weights) return { training, warnings: [] };
  if (!weights.trainedOn) return { training, warnings: [unknownProvenance()] };
  const settled = asTrained(training, weights.trainedOn);
  return { training: settled.training, warnings: [...settled.warnings] };
}

const placed = ({ code, message, attribute }: DataWarning): Warning => ({
  code,
  message,
  path: dataPlace(attribute),
});

/** If network and data do not fit, an assumption about the data may be the reason. */
function withWarnings(error: unknown, warnings: readonly Warning[]): unknown {
  if (!(error instanceof ProblemError) || warnings.length === 0) return error;
  const notes = warnings.map(({ message }) => message).join(' ');
  return new ProblemError(error.code, l10n.t('{0} Note: {1}', error.message, notes), error.place, error.fix);
}
