/** One job, from text to events: opens it, runs it, and saves the weights and the run log. Worker and command line share it. */
import * as l10n from '@vscode/l10n';
import { DataError } from '../data/define.ts';
import type { Backend } from '../kernels/backend.ts';
import { isOutOfMemory } from '../protocol/crash.ts';
import type { TrainingEvent } from '../protocol/events.ts';
import type { End, Job } from '../protocol/training.ts';
import { newestWeights } from '../runs/reader.ts';
import type { RunTarget } from '../runs/target.ts';
import { RunWriter } from '../runs/writer.ts';
import { type Fix, ProblemError } from '../schema/problem.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { keepWeights, readWeights, restoreWeights, type SavedWeights } from './checkpoint.ts';
import { Commits } from './commits.ts';
import { evaluateSplit } from './evaluate.ts';
import type { LoopHost } from './host.ts';
import { finishRun, type Kept, type KeptWeights, saveKept, weightsLeft } from './kept.ts';
import { TrainingFailure, train } from './loop.ts';
import { defaultMemoryLimit, type Opened, openParts } from './open.ts';
import { provenanceKey, writeProvenance } from './provenance.ts';
import { Training } from './training.ts';

export interface JobHost extends LoopHost {
  /** Opens a backend for a plan of this many bytes. The job disposes of it. */
  openBackend(threads: number, planBytes: number): Backend;
  emit(event: TrainingEvent): void;
  /** Shared with the thread that may end this one. */
  readonly commits?: Commits;
  /**
   * Called once before the first step of a training whose weights are saved, with the data that the other thread would have to
   * save.
   */
  keep?(kept: Kept): void;
}

/** Runs a job and returns how it ended; a mistake in the spec or the data ends it as "failed", with the place to fix. */
export function runJob(job: Job, host: JobHost): Promise<End> {
  return reportEnd(host, () => run(job, host));
}

/** Reports how a job ended, and returns that. Any error of the job becomes the end "failed". */
export async function reportEnd(host: JobHost, job: () => Promise<End>): Promise<End> {
  let end: End;
  try {
    end = await job();
  } catch (error) {
    end = failure(error);
  }
  host.emit(end);
  return end;
}

async function run(job: Job, host: JobHost): Promise<End> {
  const { memoryLimit = defaultMemoryLimit, startFrom, renamed } = job;
  const weightsOf = (folder: string) =>
    readWeights(folder, memoryLimit, renamed?.folder === folder ? renamed.layers : {});
  const weights = job.task === 'evaluate' ? await weightsOf(await weightsFolder(job)) : undefined;
  const earlier = startFrom && (await weightsOf(startFrom.folder));
  const context = {
    folder: job.folder,
    changes: {
      ...(job.seed === undefined ? {} : { seed: job.seed }),
      ...(job.epochs === undefined ? {} : { epochs: job.epochs }),
    },
    memoryLimit,
    ...(job.limits ? { limits: job.limits } : {}),
    saves: targetOf(job) !== undefined,
    ...(weights ? { weights } : {}),
    commits: host.commits ?? new Commits(),
  };
  const opened = await openParts(job.text, context, (planBytes) =>
    host.openBackend(job.threads ?? 1, planBytes),
  );
  try {
    const continued = earlier ? keepWeights(earlier, opened.parts.runtime, startFrom!.layers) : [];
    return weights
      ? await evaluate(weights, opened, host)
      : await trainAndSave(job, opened, { commits: context.commits, continued }, host);
  } finally {
    opened.parts.runtime.backend.dispose?.();
  }
}

async function trainAndSave(
  job: Job,
  { parts, memory, warnings, trainedOn }: Opened,
  { commits, continued }: { readonly commits: Commits; readonly continued: readonly string[] },
  host: JobHost,
): Promise<End> {
  const { runtime, dataset, training: settings } = parts;
  const { plan, backend } = runtime;
  const training = new Training(parts);
  const { baseline } = training;
  const kept: KeptWeights = {
    tensors: training.kept,
    metadata: { [provenanceKey]: writeProvenance(trainedOn) },
  };
  // Files are opened only now, when nothing prevents the run, so whatever failed before has left every file unchanged.
  const target = targetOf(job);
  const about = { network: job.network ?? '', text: job.text, seed: settings.seed };
  const files = target && (await RunWriter.begin({ ...about, target }, { warn: host.emit }));
  const emit = (event: TrainingEvent) => {
    files?.add(event);
    host.emit(event);
  };
  let last: End = { event: 'end', reason: 'finished', step: 0 };
  // Whatever fails from here on ends the run, which closes its files.
  try {
    emit({
      event: 'plan',
      parameters: plan.parameterCount,
      memoryBytes: memory.total,
      memory: memory.parts,
      backend: backend.name,
      trainSamples: dataset.train.size,
      testSamples: dataset.test?.size ?? 0,
      batchSize: settings.batchSize,
      stepsPerEpoch: Math.ceil(dataset.train.size / settings.batchSize),
      epochs: settings.epochs,
      baseline,
      ...(continued.length > 0 ? { continued } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    });
    if (files) host.keep?.({ ...kept, handover: files.handover });
    for await (const event of train(training, { sample: () => job.sample, ...host })) {
      if (event.event === 'end') last = event;
      else emit(event);
      if (event.event === 'epoch' && files?.isSaveDue) await saveKept(files, kept, commits);
    }
  } catch (error) {
    last = failure(error);
    if (files) last = { ...last, message: `${last.message} ${weightsLeft(files, kept, commits)}` };
  }
  return files ? finishRun(files, kept, commits, last) : last;
}

/** Where a job's run writes to; undefined if nothing is written. */
function targetOf({ folder, network, output }: Job): RunTarget | undefined {
  if (output !== undefined) return { output };
  return network === undefined ? undefined : { folder, network };
}

async function evaluate(weights: SavedWeights, { parts, warnings }: Opened, host: JobHost): Promise<End> {
  const all = [...warnings, ...restoreWeights(weights, parts.runtime)];
  const began = host.now();
  const { train: trainSplit, test: testSplit } = parts.dataset;
  const split = testSplit ?? trainSplit;
  const test = await evaluateSplit(parts, split, host);
  host.emit({
    event: 'evaluation',
    split: testSplit ? 'test' : 'train',
    test,
    samples: split.size,
    seconds: (host.now() - began) / 1000,
    ...(all.length > 0 ? { warnings: all } : {}),
  });
  return { event: 'end', reason: 'finished', step: 0 };
}

/** The folder that the job names, or that of the network's newest run with weights. */
async function weightsFolder({ folder, network, output }: Job): Promise<string> {
  if (output !== undefined) return output;
  const newest = network === undefined ? undefined : await newestWeights(folder, network);
  if (newest !== undefined) return newest;
  const message =
    network === undefined
      ? l10n.t('there are no trained weights: the file is not saved in a folder. Save and train it first.')
      : l10n.t('there are no trained weights of {0} yet. Train the network first.', network);
  throw new ProblemError('weights/missing', message, []);
}

/** The row with the mistake, unless its file is packed and cannot be shown. */
function rowOf(error: ProblemError): Pick<End, 'row'> {
  const row = error instanceof DataError ? error.details.row : undefined;
  return row && !row.file.endsWith('.gz') ? { row } : {};
}

function failure(error: unknown): End {
  if (error instanceof TrainingFailure) {
    const { cause, step, restoredEpoch } = error;
    return { ...failure(cause), step, ...(restoredEpoch === undefined ? {} : { restoredEpoch }) };
  }
  const end = { event: 'end', reason: 'failed', step: 0 } as const;
  if (error instanceof ProblemError)
    return {
      ...end,
      message: error.message,
      code: error.code,
      path: error.place,
      // Code that throws a problem of a network writes its edit as a SpecEdit.
      ...(error.fix ? { fix: error.fix as Fix<SpecEdit> } : {}),
      ...rowOf(error),
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
