/**
 * The training loop: sets the pace of a training and reports it as a stream of events. It knows no worker, no file and no
 * timer. It pauses through `host.yield`, so that files can be written meanwhile. No request stops it: its thread is ended
 * between two commits.
 */
import type { TrainingEvent } from '../protocol/events.ts';
import { evaluateSplit } from './evaluate.ts';
import type { LoopHost } from './host.ts';
import { StepFailure } from './notFinite.ts';
import { Pace } from './pace.ts';
import type { Training } from './training.ts';

/** Thrown by `train` when a step fails, after the rest of the curve was reported and the best weights were restored. */
export class TrainingFailure extends Error {
  constructor(
    override readonly cause: unknown,
    /** The step that failed. */
    readonly step: number,
    readonly restoredEpoch: number | undefined,
  ) {
    super('training failed');
  }
}

/** Runs a training from its current state to its end. Throws TrainingFailure. */
export async function* train(training: Training, host: LoopHost): AsyncGenerator<TrainingEvent> {
  const pace = new Pace(host);
  try {
    yield* epochs(training, host, pace);
  } catch (error) {
    yield* restOfCurve(training, pace);
    if (error instanceof StepFailure) training.diagnosis.afterFailure(error.notFinite);
    for (const finding of findings(training)) yield finding;
    throw new TrainingFailure(error, training.stepNumber, training.restoreBest());
  }
  yield* restOfCurve(training, pace);
  const restoredEpoch = training.restoreBest();
  yield {
    event: 'end',
    reason: 'finished',
    step: training.stepNumber,
    ...(restoredEpoch === undefined ? {} : { restoredEpoch }),
  };
}

async function* epochs(training: Training, host: LoopHost, pace: Pace): AsyncGenerator<TrainingEvent, void> {
  const { test } = training.parts.dataset;
  // Text and data are examined after the first step, so that the first step is reported earlier.
  if (training.stepNumber > 0) for (const finding of findings(training)) yield finding;
  while (training.next !== 'nothing') {
    const began = host.now();
    yield* steps(training, host, pace);
    const scores = test && (await evaluateSplit(training.parts, test, host));
    const epoch = training.endEpoch(scores);
    yield { event: 'epoch', ...epoch, seconds: (host.now() - began) / 1000 };
    for (const finding of findings(training)) yield finding;
  }
}

/** The remaining steps of an epoch. */
async function* steps(training: Training, host: LoopHost, pace: Pace): AsyncGenerator<TrainingEvent, void> {
  while (training.next === 'step') {
    // Gradients are reported for whole updates.
    const updates = training.nextUpdates;
    pace.stepBegins(training.nextSamples, updates);
    const probed = host.probes
      ? host.probes(training.stepNumber + 1)
      : training.nextIsLast || pace.probeDue(updates);
    const measured = probed || training.nextIsLook;
    const detailed =
      probed && updates && (host.probes !== undefined || training.nextIsLast || pace.detailDue());
    training.step(probed, detailed);
    if (!detailed) pace.stepEnds(measured);
    if (pace.eventDue()) yield stepEvent(training, pace);
    const detail = detailed && training.readDetail(host.sample?.());
    if (detail) pace.detailEnds();
    if (detail) yield { event: 'detail', step: training.stepNumber, ...detail };
    if (probed && updates) yield { event: 'stats', step: training.stepNumber, layers: training.probe.read() };
    for (const finding of findings(training)) yield finding;
    if (pace.sliceOver()) {
      await host.yield();
      pace.sliceBegins();
    }
  }
}

function stepEvent(training: Training, pace: Pace): TrainingEvent {
  return {
    event: 'step',
    epoch: training.epoch,
    ...training.lastStep(),
    samplesPerSecond: pace.samplesPerSecond(),
    points: training.curve.takePoints(),
  };
}

/** Findings that have not been reported yet. Iterate with `for`, because `yield*` would wait at every step even if there are none. */
function* findings({ diagnosis }: Training): Generator<TrainingEvent> {
  for (let finding = diagnosis.take(); finding; finding = diagnosis.take())
    yield { event: 'finding', ...finding };
}

/** An event with the windows that have not been reported yet, if there are any. */
function* restOfCurve(training: Training, pace: Pace): Generator<TrainingEvent> {
  training.curve.closeWindow();
  if (training.curve.hasPoints) yield stepEvent(training, pace);
}
