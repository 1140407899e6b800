/** One job from text to events: analyse, open data, plan, run, keep the weights and the run log. Worker and CLI share it. */
import * as l10n from '@vscode/l10n';
import { DataError, type DataWarning } from '../data/define.ts';
import { fileContext } from '../data/files.ts';
import { datasets } from '../data/registry.ts';
import { analyze } from '../graph/analyze.ts';
import type { Analysis } from '../graph/typed.ts';
import { type Backend, BackendError } from '../kernels/backend.ts';
import { Runtime } from '../plan/runtime.ts';
import { isOutOfMemory } from '../protocol/crash.ts';
import type { TrainingEvent, Warning } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { newestWeights } from '../runs/reader.ts';
import type { RunTarget } from '../runs/target.ts';
import { RunWriter } from '../runs/writer.ts';
import { RunError } from '../schema/runError.ts';
import type { Diagnostic, TrainingSpec } from '../spec/document.ts';
import { readWeights, restoreWeights, type SavedWeights } from './checkpoint.ts';
import { Commits } from './commits.ts';
import { evaluateSplit } from './evaluate.ts';
import { Feed } from './feed.ts';
import { finishRun, type Kept, type KeptWeights, saveKept } from './kept.ts';
import { lastRowWarnings } from './lastRow.ts';
import { type LoopHost, TrainingFailure, train } from './loop.ts';
import { buildModel, type Model } from './model.ts';
import {
  asTrained,
  changedFiles,
  type Provenance,
  provenanceKey,
  unknownProvenance,
  writeProvenance,
} from './provenance.ts';
import { Training, type TrainingParts } from './training.ts';

export interface SessionHost extends LoopHost {
  /** Called once a job, at most, for a plan of so many bytes; the backend is disposed of at its end. */
  openBackend(threads: number, planBytes: number): Backend;
  emit(event: TrainingEvent): void;
  /** Shared with the thread that may end this one. */
  readonly commits?: Commits;
  /** Called once before the first step of a training whose weights are saved: what that thread has to save. */
  keep?(kept: Kept): void;
}

/** Runs a job and returns how it ended; a person's mistake ends it as "failed", with the place to mend. */
export async function runJob(job: Job, host: SessionHost): Promise<End> {
  let end: End;
  try {
    end = await prepare(job, host);
  } catch (error) {
    end = failure(error);
  }
  host.emit(end);
  return end;
}

async function prepare(job: Job, host: SessionHost): Promise<End> {
  const analysis = analyze(job.text);
  const memoryLimit = job.memoryLimit ?? defaultMemoryLimit;
  const weights =
    job.task === 'evaluate' ? await readWeights(await weightsFolder(job), memoryLimit) : undefined;
  const { training, warnings } = settle(trainingOf(analysis, job), weights);
  const trained = weights?.trainedOn;
  const { source } = training.data.attributes;
  const context = fileContext(job.folder, {
    seed: training.seed,
    ...(typeof source === 'string' ? { source } : {}),
    memoryLimit,
    ...(trained ? { trained: trained.state } : {}),
  });
  const dataset = await datasets.get(training.data.type).open(training.data.attributes, context);
  warnings.push(...(dataset.warnings ?? []).map(placed));
  if (!weights) warnings.push(...lastRowWarnings(analysis.graph, training.batchSize, dataset.train.size));
  if (trained) warnings.push(...changedFiles(trained, context.files));
  const trainedOn: Provenance = {
    seed: training.seed,
    data: training.data,
    files: context.files,
    state: dataset.state ?? null,
  };
  let model: Model;
  try {
    model = buildModel(analysis, training, dataset, { float: 'float32', memoryLimit });
  } catch (error) {
    throw withWarnings(error, warnings);
  }
  const backend = host.openBackend(job.threads ?? 1, model.plan.bytes);
  try {
    const runtime = new Runtime(model.plan, backend, training.seed);
    const feed = new Feed(model, runtime, dataset);
    const run = { runtime, feed, dataset, training, commits: host.commits ?? new Commits() };
    return weights
      ? await evaluate(weights, run, warnings, host)
      : await trainAndSave(job, run, trainedOn, warnings, host);
  } finally {
    backend.dispose?.();
  }
}

/** What weights were trained under goes before what the spec says now. */
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
  path: dataPath(attribute),
});

const dataPath = (attribute: string | undefined): Warning['path'] => [
  'training',
  'data',
  ...(attribute === undefined ? [] : [attribute]),
];

/** Where network and data do not fit, what was assumed of the data may be why. */
function withWarnings(error: unknown, warnings: readonly Warning[]): unknown {
  if (!(error instanceof RunError) || warnings.length === 0) return error;
  const notes = warnings.map(({ message }) => message).join(' ');
  return new RunError(error.code, l10n.t('{0} Note: {1}', error.message, notes), error.path);
}

async function trainAndSave(
  job: Job,
  parts: TrainingParts & { readonly commits: Commits },
  trainedOn: Provenance,
  warnings: readonly Warning[],
  host: SessionHost,
): Promise<End> {
  const { runtime, dataset, training, commits } = parts;
  const { plan, backend } = runtime;
  // Only now, when nothing stands against the run: a mistake in spec or data leaves every file as it was.
  const target = targetOf(job);
  const about = { network: job.network ?? '', text: job.text, seed: training.seed };
  const files = target && (await RunWriter.begin({ ...about, target }, { warn: host.emit }));
  const emit = (event: TrainingEvent) => {
    files?.add(event);
    host.emit(event);
  };
  emit({
    event: 'plan',
    parameters: plan.parameterCount,
    memoryBytes: plan.bytes,
    backend: backend.name,
    trainSamples: dataset.train.size,
    testSamples: dataset.test?.size ?? 0,
    batchSize: training.batchSize,
    stepsPerEpoch: Math.ceil(dataset.train.size / training.batchSize),
    epochs: training.epochs,
    ...(warnings.length > 0 ? { warnings } : {}),
  });
  const run = new Training(parts);
  const kept: KeptWeights = {
    tensors: run.kept,
    metadata: { [provenanceKey]: writeProvenance(trainedOn) },
  };
  if (files) host.keep?.({ ...kept, handover: files.handover });
  let last: End = { event: 'end', reason: 'finished', step: 0 };
  try {
    for await (const event of train(run, host)) {
      if (event.event === 'end') last = event;
      else emit(event);
      if (event.event === 'epoch' && files?.isSaveDue) await saveKept(files, kept, commits);
    }
  } catch (error) {
    last = failure(error);
  }
  return files ? finishRun(files, kept, commits, last) : last;
}

/** Where a job's run writes to; nothing when nothing is to be written. */
function targetOf({ folder, network, output }: Job): RunTarget | undefined {
  if (output !== undefined) return { output };
  return network === undefined ? undefined : { folder, network };
}

/** 2 GiB: what a laptop can spare beside an editor. */
export const defaultMemoryLimit = 2 ** 31;

async function evaluate(
  weights: SavedWeights,
  run: TrainingParts,
  warnings: readonly Warning[],
  host: SessionHost,
): Promise<End> {
  restoreWeights(weights, run.runtime);
  const began = host.now();
  const { train: trainSplit, test: testSplit } = run.dataset;
  const split = testSplit ?? trainSplit;
  const test = await evaluateSplit(run, split, host);
  host.emit({
    event: 'evaluation',
    split: testSplit ? 'test' : 'train',
    test,
    samples: split.size,
    seconds: (host.now() - began) / 1000,
    ...(warnings.length > 0 ? { warnings } : {}),
  });
  return { event: 'end', reason: 'finished', step: 0 };
}

/** The folder that was named, or that of the network's newest run with weights. */
async function weightsFolder({ folder, network, output }: Job): Promise<string> {
  if (output !== undefined) return output;
  const newest = network === undefined ? undefined : await newestWeights(folder, network);
  if (newest !== undefined) return newest;
  const message =
    network === undefined
      ? l10n.t('there are no trained weights: the file is not saved in a folder. Save and train it first.')
      : l10n.t('there are no trained weights of {0} yet. Train the network first.', network);
  throw new RunError('weights/missing', message, []);
}

function trainingOf(analysis: Analysis, job: Job): TrainingSpec {
  const worst = analysis.diagnostics.find(({ severity }) => severity === 'error');
  if (worst) throw problemOf(worst);
  const { training } = analysis.spec;
  if (!training)
    throw new RunError(
      'spec/no-training',
      l10n.t(
        'the network has no "training" section, so there is nothing to train on. Add one with data, loss and optimizer.',
      ),
      [],
    );
  return {
    ...training,
    ...(job.seed === undefined ? {} : { seed: job.seed }),
    ...(job.epochs === undefined ? {} : { epochs: job.epochs }),
  };
}

const problemOf = ({ code, message, path }: Diagnostic): RunError => new RunError(code, message, path);

function failure(error: unknown): End {
  if (error instanceof TrainingFailure) {
    const { cause, step, restoredEpoch } = error;
    return { ...failure(cause), step, ...(restoredEpoch === undefined ? {} : { restoredEpoch }) };
  }
  const end = { event: 'end', reason: 'failed', step: 0 } as const;
  if (error instanceof RunError)
    return { ...end, message: error.message, code: error.code, path: error.path };
  if (error instanceof BackendError)
    return { ...end, message: error.message, code: 'backend/thread', path: [] };
  if (error instanceof DataError)
    return {
      ...end,
      message: error.message,
      code: error.code,
      path: dataPath(error.attribute),
    };
  if (error instanceof RangeError && isOutOfMemory(error))
    return {
      ...end,
      message: l10n.t(
        'not enough memory to train this network ({0}). Make it smaller or lower "batchSize".',
        error.message,
      ),
      code: 'plan/memory',
      path: [],
    };
  return {
    ...end,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    code: 'internal',
    path: [],
  };
}
