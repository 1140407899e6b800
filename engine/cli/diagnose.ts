/**
 * `netloom diagnose` and `netloom fix`: the findings in a network's text, its data, a short training and comparisons, and the fix of one
 * finding.
 */
import { basename } from 'node:path';
import { check, edit } from '../api.ts';
import { unknownFinding } from '../diagnose/known.ts';
import type { EventOfKind } from '../protocol/events.ts';
import { writeEvent } from '../protocol/eventText.ts';
import { problemCodes } from '../schema/problemCodes.ts';
import type { Diagnostic } from '../spec/document.ts';
import { firstToFix, grouped } from '../spec/grouped.ts';
import { complainOf, FoundInTraining, lastStepOf } from './findings.ts';
import { jobOf } from './job.ts';
import { type Given, UsageError } from './options.ts';
import type { NetworkText } from './place.ts';
import { replaceFile } from './replaceFile.ts';
import { exitCodeOf, type Outcome, runStoppably } from './run.ts';
import { complain, print, progress, say, sayJson } from './terminal.ts';
import { trainableOf } from './trainable.ts';

type Finding = EventOfKind<'finding'>;

/** The file of the engine's worker thread. */
interface Worker {
  readonly worker: string;
}

type TrainingOptions = Given<'seed' | 'epochs' | 'threads' | 'limits'> & Worker;
type DiagnoseOptions = TrainingOptions & Given<'comparisons' | 'json'>;
type FixOptions = TrainingOptions & Given<'code' | 'layer' | 'write'>;

/** The findings of a short training until its end, or until a signal stopped it. */
interface Diagnosed {
  readonly found: FoundInTraining;
  /** What `netloom check` warns of beside findings, such as a layer that nothing reads. */
  readonly warnings: readonly Diagnostic[];
  /** For a run that was stopped: later findings are not known. */
  readonly signal: Outcome['signal'];
}

/** Prints every finding in the format of compilers, with its fix. Returns 1 if one is an error. */
export async function diagnoseNetwork(
  network: NetworkText,
  { comparisons = true, json = false, ...options }: DiagnoseOptions,
): Promise<number> {
  const diagnosed = await findingsOf(network, options);
  if (!diagnosed) return 1;
  const { found, warnings, signal } = diagnosed;
  for (const { code, severity, message, range } of warnings) {
    if (json) sayJson(writeEvent({ event: 'warning', step: 0, code, message }));
    else network.complain(severity, message, range);
  }
  const report = (findings: readonly Finding[]) => {
    if (!json) complainOf(network, findings);
    else for (const finding of findings) sayJson(writeEvent(finding));
  };
  report(found.all);
  if (signal !== undefined) return stopped(network, signal);
  const compared =
    comparisons && warnings.length === 0
      ? await compareNetwork(
          network,
          options,
          report,
          json ? () => {} : (verdict) => complain(`${network.file}: ${verdict}`),
        )
      : undefined;
  if (compared?.signal !== undefined) return stopped(network, compared.signal);
  const isHealthy = found.all.length + warnings.length === 0 && !compared?.hasFound;
  if (isHealthy && !json) say(`${network.file}: nothing found`);
  if (!json) found.sayWhatHelps();
  return found.all.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** Compares the network with alternatives. Changes that are proven are reported at once, so that a signal loses none. */
async function compareNetwork(
  network: NetworkText,
  { worker, ...options }: TrainingOptions,
  report: (findings: readonly Finding[]) => void,
  conclude: (verdict: string) => void,
): Promise<{ readonly hasFound: boolean; readonly signal: Outcome['signal'] }> {
  let hasFound = false;
  const job = jobOf(network, { task: 'compare' }, options);
  const { end, signal } = await runStoppably(worker, job, (event) => {
    if (event.event === 'progress') {
      progress.show(`  ${event.doing}: step ${event.step}`);
      return;
    }
    progress.clear();
    if (event.event === 'finding') {
      hasFound = true;
      report([event]);
    }
    if (event.event === 'comparison' && !event.fix) conclude(event.verdict);
  });
  progress.clear();
  if (end.reason === 'failed') complain(`${network.file}: ${end.message ?? ''}`);
  return { hasFound, signal };
}

function stopped({ file }: NetworkText, signal: NonNullable<Outcome['signal']>): number {
  complain(`${file}: stopped before the diagnosis was complete`);
  return exitCodeOf(signal);
}

/** Applies the fix of one finding, in one layer or in all that have it: in the file with `write`, otherwise to standard output. */
export async function fixNetwork(
  network: NetworkText,
  { code, layer, write = false, ...options }: FixOptions,
): Promise<number> {
  if (code === undefined)
    throw new UsageError('fix needs --code, e.g. --code relu/dead; `netloom diagnose FILE` lists the codes');
  const fits = (one: { readonly code: string; readonly layer?: string | undefined }) =>
    one.code === code && (layer === undefined || one.layer === layer);
  // Findings in the text need no training.
  const { problems, layers, trainable } = check(network.text, options.limits);
  const inText = firstToFix(grouped(problems.filter(fits)));
  const names = layers.map(({ name }) => name);
  const unknown =
    inText || Object.hasOwn(problemCodes, code)
      ? undefined
      : unknownFinding(code, trainable ? layer : undefined, names);
  if (unknown !== undefined) throw new UsageError(unknown);
  const diagnosed = inText ? undefined : await findingsOf(network, options);
  const found = inText ?? firstToFix(grouped(diagnosed?.found.all.filter(fits) ?? []));
  if (!found && diagnosed?.signal !== undefined) return stopped(network, diagnosed.signal);
  if (!found) {
    const sought = layer === undefined ? code : `${code} in ${layer}`;
    const others = [...new Set([...problems, ...(diagnosed?.found.all ?? [])].map((one) => one.code))];
    const instead = others.length === 0 ? '' : ` What was found is ${others.join(', ')}.`;
    complain(`${network.file}: error: there is no finding ${sought}.${instead}`);
    return 1;
  }
  if (!found.fix) {
    complain(`${network.file}: ${found.message} There is no edit that fixes it.`);
    return 1;
  }
  const edited = edit(network.text, found.fix.edit);
  if ('problem' in edited) {
    complain(`${network.file}: ${edited.problem}`);
    return 1;
  }
  if (write) {
    const problem = replaceFile(network.file, network.text, edited.text);
    if (problem !== undefined) {
      complain(`${network.file}: error: ${problem}`);
      return 1;
    }
    say(`${network.file}: ${found.fix.title}`);
  } else print(edited.text);
  return 0;
}

/** Findings of a short training that writes nothing; undefined, with a message, if the network cannot be trained. */
async function findingsOf(
  network: NetworkText,
  { worker, ...options }: TrainingOptions,
): Promise<Diagnosed | undefined> {
  const trainable = trainableOf(network, options.limits);
  if (!trainable) return undefined;
  const job = jobOf(network, { task: 'train' }, options);
  const found = new FoundInTraining(network.file, options);
  let lastStep = Number.POSITIVE_INFINITY;
  const { end, signal } = await runStoppably(worker, job, (event, stop) => {
    if (event.event === 'plan') found.plan(event);
    if (event.event === 'finding' && event.step <= lastStep) found.add(event);
    if (event.event === 'epoch' && event.epoch === 1 && options.epochs === undefined)
      lastStep = lastStepOf(event.step);
    if ('step' in event && event.step > lastStep) stop();
  });
  // A run that ended because of its findings has reported why.
  if (end.reason === 'failed' && end.step <= lastStep && found.all.length === 0) {
    network.complainAt('error', end.message ?? basename(network.file), end.path ?? []);
    return undefined;
  }
  return { found, warnings: trainable.warnings, signal };
}
