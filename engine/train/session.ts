/** One job from text to events: analyse, open data, plan, run, keep the weights and the run log. Worker and CLI share it. */
import * as l10n from '@vscode/l10n';
import { DataError, type DataWarning } from '../data/define.ts';
import { fileContext } from '../data/files.ts';
import { datasets } from '../data/registry.ts';
import { analyze } from '../graph/analyze.ts';
import type { Analysis } from '../graph/typed.ts';
import { type Backend, BackendError } from '../kernels/backend.ts';
import { Runtime } from '../plan/runtime.ts';
import type { TrainingEvent, Warning } from '../protocol/events.ts';
import type { Job } from '../protocol/training.ts';
import { RunError } from '../schema/runError.ts';
import type { Diagnostic, TrainingSpec } from '../spec/document.ts';
import { readWeights, restoreWeights, type SavedWeights, saveWeights } from './checkpoint.ts';
import { Feed } from './feed.ts';
import { evaluateSplit, type LoopHost, TrainingFailure, type TrainingRun, train } from './loop.ts';
import { buildModel, type Model } from './model.ts';
import { asTrained, changedFiles, type Provenance, unknownProvenance } from './provenance.ts';
import { RunLog } from './runLog.ts';

type End = Extract<TrainingEvent, { event: 'end' }>;

export interface SessionHost extends LoopHost {
  /** Called once a job, at most, for a plan of so many bytes; the backend is disposed of at its end. */
  openBackend(threads: number, planBytes: number): Backend;
  emit(event: TrainingEvent): void;
}

/** Runs a job and returns how it ended; a person's mistake ends it as "failed", with the place to mend. */
export async function runJob(job: Job, host: SessionHost): Promise<End> {
  let log: RunLog | undefined;
  const emit = (event: TrainingEvent) => {
    // Only a run that begins replaces the log of the last one: a mistake in spec or data leaves every file as it was.
    if (event.event === 'plan' && job.output !== undefined) log = new RunLog(job.output, job.text);
    log?.add(event);
    host.emit(event);
  };
  let end: End;
  try {
    end = await prepare(job, host, emit);
  } catch (error) {
    end = failure(error);
  }
  emit(end);
  await log?.close();
  return end;
}

async function prepare(job: Job, host: SessionHost, emit: SessionHost['emit']): Promise<End> {
  const analysis = analyze(job.text);
  const weights = job.task === 'evaluate' ? await savedWeights(job) : undefined;
  const { training, warnings } = settle(trainingOf(analysis, job), weights);
  const memoryLimit = job.memoryLimit ?? defaultMemoryLimit;
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
    const run: TrainingRun = { runtime, feed: new Feed(model, runtime, dataset), dataset, training };
    return weights
      ? await evaluate(weights, run, warnings, host, emit)
      : await trainAndSave(job, run, trainedOn, warnings, host, emit);
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
  run: TrainingRun,
  trainedOn: Provenance,
  warnings: readonly Warning[],
  host: SessionHost,
  emit: SessionHost['emit'],
): Promise<End> {
  const { runtime, dataset, training } = run;
  const { plan, backend } = runtime;
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
  let last: End = { event: 'end', reason: 'finished', step: 0 };
  try {
    for await (const event of train(run, host)) {
      if (event.event === 'end') last = event;
      else emit(event);
      if (event.event === 'epoch' && job.output !== undefined)
        await saveWeights(job.output, runtime, event.step, trainedOn);
    }
  } catch (error) {
    last = failure(error);
  }
  // Also of a finished run: early stopping may have gone back to earlier weights since the last epoch was saved.
  if (job.output !== undefined) await saveWeights(job.output, runtime, last.step, trainedOn);
  return last;
}

/** 2 GiB: what a laptop can spare beside an editor. */
export const defaultMemoryLimit = 2 ** 31;

async function savedWeights(job: Job): Promise<SavedWeights> {
  if (job.output === undefined)
    throw new RunError(
      'weights/missing',
      l10n.t('there are no trained weights: the file is not saved in a folder. Save and train it first.'),
      [],
    );
  return readWeights(job.output);
}

async function evaluate(
  weights: SavedWeights,
  run: TrainingRun,
  warnings: readonly Warning[],
  host: SessionHost,
  emit: SessionHost['emit'],
): Promise<End> {
  restoreWeights(weights, run.runtime);
  const began = host.now();
  const { train: trainSplit, test: testSplit } = run.dataset;
  const split = testSplit ?? trainSplit;
  const test = await evaluateSplit(run, split, host);
  if (test === 'stopped') return { event: 'end', reason: 'stopped', step: 0 };
  emit({
    event: 'evaluation',
    split: testSplit ? 'test' : 'train',
    test,
    samples: split.size,
    seconds: (host.now() - began) / 1000,
    ...(warnings.length > 0 ? { warnings } : {}),
  });
  return { event: 'end', reason: 'finished', step: 0 };
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
  if (error instanceof RangeError)
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
