/** `netloom try` and `netloom repair`: short trainings show whether fixes help before anything is kept. */
import { basename } from 'node:path';
import { edit } from '../api.ts';
import { unknownFinding } from '../diagnose/known.ts';
import type { AttemptReport, CourseReport, EventOfKind, TrainingEvent } from '../protocol/events.ts';
import { writeEvent } from '../protocol/eventText.ts';
import type { Job } from '../protocol/training.ts';
import { formatAmount } from '../schema/numbers.ts';
import { stepsText } from '../schema/text.ts';
import { lossName, scoresText } from '../stats/scores.ts';
import { jobOf } from './job.ts';
import { type Given, UsageError } from './options.ts';
import type { NetworkText } from './place.ts';
import { replaceFile } from './replaceFile.ts';
import { exitCodeOf, runStoppably } from './run.ts';
import { complain, print, progress, say, sayJson } from './terminal.ts';
import { trainableOf } from './trainable.ts';

/** With the file of the engine's worker thread. */
type TrialOptions = Given<'json' | 'seed' | 'steps' | 'threads' | 'limits'> & { readonly worker: string };
type TryOptions = TrialOptions & Given<'code' | 'layer'>;
type RepairOptions = TrialOptions & Given<'write'>;

/** Compares a network with and without a fix. Returns 1 if the fix does not help or cannot be tried. */
export async function tryNetwork(
  network: NetworkText,
  { code, layer, ...options }: TryOptions,
): Promise<number> {
  if (code === undefined)
    throw new UsageError('try needs --code, e.g. --code relu/dead; `netloom diagnose FILE` lists the codes');
  let result: EventOfKind<'trial'> | undefined;
  const end = await runTrial(
    network,
    { task: 'try', code, ...(layer === undefined ? {} : { layers: [layer] }) },
    options,
    (event) => {
      if (event.event === 'trial') result = event;
    },
  );
  if (!result) return end;
  if (!options.json) {
    say(`finding  ${result.message} [${code}]`);
    say(`fix      ${result.fix.title}`);
    say(`without  ${courseText(result.before)}`);
    say(`with     ${courseText(result.after)}`);
    say(result.verdict);
  }
  return result.helps ? 0 : 1;
}

/** Repairs a network: in the file with `write`, otherwise to standard output. Returns 1 if an error or a warning is left. */
export async function repairNetwork(
  network: NetworkText,
  { write = false, ...options }: RepairOptions,
): Promise<number> {
  let result: EventOfKind<'repair'> | undefined;
  const end = await runTrial(network, { task: 'repair' }, options, (event) => {
    if (event.event === 'attempt' && !options.json) complain(attemptText(event.attempt));
    if (event.event === 'repair') result = event;
  });
  if (!result) return end;
  const { file } = network;
  if (!options.json) {
    for (const { severity, message, code, path } of result.left)
      network.complainAt(severity, `${message} [${code}]`, path);
    complain(`${file}: ${result.verdict}`);
  }
  const after = textAfter(network, result);
  if (after === undefined) return 1;
  if (write && after !== network.text) {
    const problem = replaceFile(file, network.text, after);
    if (problem !== undefined) {
      complain(`${file}: error: ${problem}`);
      // A repair takes long, so its result is not thrown away.
      if (!options.json) print(after);
      return 1;
    }
    if (!options.json) say(`${file}: ${result.fix?.title}`);
  } else if (!write && !options.json) print(after);
  return result.left.length > 0 ? 1 : 0;
}

/** Undefined, with a message, if the edit does not fit because it was made for another text. */
function textAfter({ file, text }: NetworkText, { fix }: EventOfKind<'repair'>): string | undefined {
  if (!fix) return text;
  const edited = edit(text, fix.edit);
  if (!('problem' in edited)) return edited.text;
  complain(`${file}: error: ${edited.problem}`);
  return undefined;
}

/**
 * Returns the exit code of a job without a result. Throws UsageError for a finding or a layer that does not exist. For a
 * network that cannot be trained, it prints the first error.
 */
async function runTrial(
  network: NetworkText,
  asked: Pick<Job, 'task' | 'code' | 'layers'>,
  { worker, json = false, ...options }: TrialOptions,
  onEvent: (event: TrainingEvent) => void,
): Promise<number> {
  const { file } = network;
  const trainable = trainableOf(network, options.limits);
  if (!trainable) return 1;
  if (asked.code !== undefined) {
    const names = trainable.layers.map(({ name }) => name);
    const unknown = unknownFinding(asked.code, asked.layers?.[0], names);
    if (unknown !== undefined) throw new UsageError(unknown);
  }
  const job = jobOf(network, asked, options);
  const { end, signal } = await runStoppably(worker, job, (event) => {
    if (event.event === 'progress') progress.show(`  ${event.doing}: step ${event.step}`);
    else progress.clear();
    if (json && event.event !== 'progress') sayJson(writeEvent(event));
    onEvent(event);
  });
  progress.clear();
  if (json) sayJson(writeEvent(end));
  if (signal !== undefined) {
    complain(`${file}: stopped, nothing was written`);
    return exitCodeOf(signal);
  }
  if (end.reason === 'failed') network.complainAt('error', end.message ?? basename(file), end.path ?? []);
  return 1;
}

function courseText({ steps, train, test, relative, evidence, failure }: CourseReport): string {
  const named = ({ loss, ...metrics }: CourseReport['train']) =>
    scoresText({ [lossName({ relative })]: loss, ...metrics });
  const parts = [stepsText(steps), failure ?? `train ${named(train)}`];
  if (test && failure === undefined) parts.push(`test ${named(test)}`);
  if (evidence) parts.push(`measured ${formatAmount(evidence.value)}, limit ${formatAmount(evidence.limit)}`);
  return parts.join('  ');
}

const attemptText = ({ outcome, code, layer, fix, verdict }: AttemptReport): string =>
  `${outcome.padEnd(8)}  ${layer === undefined ? code : `${layer} ${code}`}: ${fix.title}. ${verdict}`;
