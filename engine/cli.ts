/** The engine as a command: `netloom new|check|train|evaluate|diagnose|fix|try|repair|preflight|picture|replay FILE`, `netloom vectors DIR`. */
import { statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { type Checked, check } from './api.ts';
import { readArguments, unknown } from './cli/arguments.ts';
import { checkNetwork } from './cli/check.ts';
import { diagnoseNetwork, fixNetwork } from './cli/diagnose.ts';
import { complainOf, FoundInTraining } from './cli/findings.ts';
import { type Described, helpOf, helpOfAll } from './cli/help.ts';
import { type JobOptions, jobOf } from './cli/job.ts';
import { templateNames, writeTemplate } from './cli/new.ts';
import { type Given, type OptionName, UsageError } from './cli/options.ts';
import { drawNetwork } from './cli/picture.ts';
import { NetworkText } from './cli/place.ts';
import { replayRun } from './cli/replay.ts';
import { exitCodeOf, runStoppably } from './cli/run.ts';
import { complain, complainAtLength, print, progress, say, sayJson, watchOutput } from './cli/terminal.ts';
import { type CommandLine, keepThread, workerFile as worker } from './cli/thread.ts';
import { repairNetwork, tryNetwork } from './cli/trials.ts';
import { runVectors } from './cli/vectors.ts';
import { referenceBackend } from './kernels/reference/backend.ts';
import { loadBackend } from './kernels/wasm/load.ts';
import type { EventKind, EventOfKind, Scores, TrainingEvent, Warning } from './protocol/events.ts';
import { writeEvent } from './protocol/eventText.ts';
import type { Job } from './protocol/training.ts';
import { finishedText, savedEpoch, verdictOf } from './protocol/verdict.ts';
import { formatNumber } from './schema/numbers.ts';
import { bytesText } from './schema/text.ts';
import { scoresText } from './stats/scores.ts';

/** The bundle that draws pictures. */
const pictureBundle = join(__dirname, 'picture.cjs');

async function main(): Promise<number> {
  const { words, wantsHelp, optionsOf } = readArguments(process.argv.slice(2));
  const [name, file, ...rest] = words;
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name !== undefined && !command) throw new UsageError(unknown('command', name, Object.keys(commands)));
  if (wantsHelp) {
    print(command ? helpOf(name, command) : helpOfAll(commands));
    return 0;
  }
  if (!command || file === undefined || rest.length > 0)
    throw new UsageError(
      `expected ${command ? `one ${command.operand}` : 'a command'}, found ${found(command ? words.slice(1) : words)}`,
    );
  return command.run(file, (takes) => optionsOf(name, takes));
}

const found = (words: readonly string[]): string =>
  words.length === 0 ? 'nothing' : words.map((word) => `"${word}"`).join(' ');

interface Command extends Described {
  readonly run: (
    file: string,
    optionsOf: <N extends OptionName>(takes: readonly N[]) => Given<N>,
  ) => Promise<number>;
}

/** A command reads no other options than those it takes. */
const command = <const N extends OptionName>(
  about: { readonly operand?: string; readonly help: string; readonly takes: readonly N[] },
  run: (file: string, options: Given<N>) => Promise<number>,
): Command => ({ operand: 'FILE', ...about, run: (file, optionsOf) => run(file, optionsOf(about.takes)) });

const commands: { readonly [name: string]: Command } = {
  new: command(
    { help: 'write a new network from a template', takes: ['template'] },
    async (file, { template = templateNames[0] }) => {
      const problem = writeTemplate(file, template);
      if (problem !== undefined) {
        complain(`netloom: error: ${problem}`);
        return 1;
      }
      say(`${file}: written from the template "${template}"`);
      return 0;
    },
  ),
  check: command(
    { help: 'report every problem of a network', takes: ['limits', 'json'] },
    async (file, options) => checkNetwork(readNetwork(file), options),
  ),
  train: command(
    {
      help: 'train a network as set in its "training" section',
      takes: ['newRun', 'epochs', 'seed', 'threads', 'wide', 'sample', 'limits', 'json'],
    },
    (file, { newRun, ...options }) => runTask('train', readNetwork(file), { ...options, out: newRun }),
  ),
  evaluate: command(
    {
      help: 'score saved weights on the test data',
      takes: ['weights', 'seed', 'threads', 'wide', 'limits', 'json'],
    },
    (file, { weights, ...options }) => runTask('evaluate', readNetwork(file), { ...options, out: weights }),
  ),
  diagnose: command(
    {
      help: 'check the text, the data and a short training of a network for faults, and compare it with usual choices, one change at a time; nothing is written',
      takes: ['comparisons', 'epochs', 'seed', 'threads', 'limits', 'json'],
    },
    (file, options) => diagnoseNetwork(readNetwork(file), { ...options, worker }),
  ),
  fix: command(
    {
      help: 'apply the fix for one finding',
      takes: ['code', 'layer', 'write', 'epochs', 'seed', 'threads', 'limits'],
    },
    (file, options) => fixNetwork(readNetwork(file), { ...options, worker }),
  ),
  try: command(
    {
      help: 'train a network for some steps without and with the fix for one finding, and compare; nothing is written',
      takes: ['code', 'layer', 'steps', 'seed', 'threads', 'limits', 'json'],
    },
    (file, options) => tryNetwork(readNetwork(file), { ...options, worker }),
  ),
  repair: command(
    {
      help: 'try fixes one after another, and keep those that help',
      takes: ['write', 'steps', 'seed', 'threads', 'limits', 'json'],
    },
    (file, options) => repairNetwork(readNetwork(file), { ...options, worker }),
  ),
  preflight: command(
    {
      help: 'run the checks a network must pass before training',
      takes: ['checks', 'seed', 'threads', 'wide', 'limits', 'json'],
    },
    (file, options) => runTask('preflight', readNetwork(file), options),
  ),
  picture: command(
    { help: 'draw a network as SVG, or as Mermaid text with -o NAME.mmd', takes: ['newFile', 'dark'] },
    (file, options) => drawNetwork(readNetwork(file), { ...options, bundle: pictureBundle }),
  ),
  replay: command(
    { help: 'write a page that replays a run in any browser', takes: ['run', 'newFile'] },
    (file, options) => replayRun(file, { ...options, dist: __dirname }),
  ),
  vectors: command(
    {
      operand: 'DIR',
      help: 'compute reference cases and compare the results',
      takes: ['backend', 'float32'],
    },
    async (folder, { float32, backend: name }) => {
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
        throw new UsageError(`expected a folder, found ${folder}`);
      const backend = name === 'wasm' ? loadBackend(join(__dirname, 'kernels')) : referenceBackend;
      return runVectors(
        folder,
        { precision: float32 || name === 'wasm' ? 'float32' : 'float64', backend },
        { line: say, complain },
      );
    },
  ),
};

interface TaskOptions extends JobOptions, Given<'json'> {
  /** The folder of the run. */
  readonly out?: string | undefined;
}

const noProblems: Pick<Checked, 'problems' | 'findings'> = { problems: [], findings: [] };

async function runTask(
  task: Job['task'],
  network: NetworkText,
  { json, out, ...options }: TaskOptions,
): Promise<number> {
  const { file, text } = network;
  const report = json ? (event: TrainingEvent) => sayJson(writeEvent(event)) : reporter();
  const warn = ({ message, path }: Warning) => network.complainAt('warning', message, path);
  const output = out === undefined ? {} : { output: resolve(out) };
  const job: Job = { ...jobOf(network, { task }, options), network: basename(file), ...output };
  const found = new FoundInTraining(file, options);
  let failures = 0;
  // Findings that are reported at once are printed once for all layers.
  let together: EventOfKind<'finding'>[] = [];
  const printFindings = () => {
    complainOf(network, together);
    together = [];
  };
  const emit = (event: TrainingEvent) => {
    if (event.event !== 'finding') printFindings();
    if (event.event === 'check' && event.outcome === 'failed') failures++;
    if ('warnings' in event) event.warnings?.forEach(warn);
    if (event.event === 'warning') warn({ ...event, path: [] });
    if (event.event === 'plan') found.plan(event);
    if (event.event === 'finding') {
      found.add(event);
      together.push(event);
    }
    report(event);
  };
  const { end, signal } = await runStoppably(worker, job, emit);
  printFindings();
  // The engine reports one error of a text. To look for all of them at the start would delay every run.
  const { problems, findings } = end.reason === 'failed' ? check(text, options.limits) : noProblems;
  const errors = problems.filter((one) => one.severity === 'error' && !findings.includes(one));
  for (const { message, range } of errors) network.complain('error', message, range);
  if (errors.length > 0) return 1;
  report(end);
  const hasFailed = end.reason === 'failed' || end.code !== undefined;
  if (hasFailed) network.complainAt('error', end.message ?? '', end.path ?? []);
  if (!json) found.sayWhatHelps();
  if (signal !== undefined) return exitCodeOf(signal);
  return hasFailed || failures > 0 ? 1 : 0;
}

/** Prints events as lines of text. Events that are not listed here are only in the log and in `--json`. */
function reporter(): (event: TrainingEvent) => void {
  let baseline: Scores | undefined;
  const epochs: EventOfKind<'epoch'>[] = [];
  const lines: { readonly [K in EventKind]?: (event: EventOfKind<K>) => void } = {
    plan: ({ parameters, memoryBytes, trainSamples, testSamples, backend, ...plan }) => {
      baseline = plan.baseline;
      say(
        `${parameters} parameters, ${bytesText(memoryBytes)}, ${trainSamples} training and ${testSamples} test samples, ${backend} backend`,
      );
    },
    step: ({ step, epoch, loss, samplesPerSecond }) => {
      progress.show(
        `  epoch ${epoch}  step ${step}  loss ${formatNumber(loss)}  ${Math.round(samplesPerSecond)} samples/s`,
      );
    },
    epoch: (event) => {
      const { epoch, train, test, penalty, seconds } = event;
      epochs.push(event);
      progress.clear();
      const parts = [`epoch ${epoch}`, `train ${scoresText(train)}`];
      if (test) parts.push(`test ${scoresText(test)}`);
      if (penalty !== undefined) parts.push(`penalty ${formatNumber(penalty)}`);
      say([...parts, `${seconds.toFixed(1)} s`].join('  '));
    },
    evaluation: ({ split, test, samples, seconds }) => {
      const scored = split === 'train' ? 'training samples, as there are no test samples' : 'test samples';
      say(`${samples} ${scored}  ${scoresText(test)}  ${seconds.toFixed(1)} s`);
    },
    check: ({ check, outcome, message }) => say(`${outcome.padEnd(7)}  ${check}: ${message}`),
    end: ({ reason, step, restoredEpoch, folder }) => {
      progress.clear();
      const saved = savedEpoch(epochs, restoredEpoch);
      if (reason === 'finished')
        say(finishedText(saved ? verdictOf(saved, baseline).standing : 'better').toLowerCase());
      else if (step > 0) say(`${reason} at step ${step}`);
      if (restoredEpoch !== undefined) say(`the weights are those of epoch ${restoredEpoch}, the best one`);
      if (folder !== undefined) say(`the run is in ${relative('', folder) || '.'}`);
    },
  };
  return (event) => (lines[event.event] as ((event: TrainingEvent) => void) | undefined)?.(event);
}

function readNetwork(file: string): NetworkText {
  try {
    return NetworkText.read(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file ${file}`);
    if (code === 'EISDIR') throw new UsageError(`expected a file, found the folder ${file}`);
    throw new UsageError(`cannot read ${file}: ${message}`);
  }
}

/** The command that was called, if it exists. */
const commandOf = (words: readonly string[]): readonly string[] =>
  words.slice(2, 3).filter((word) => Object.hasOwn(commands, word));

export const begin: CommandLine['begin'] = (thread) => {
  keepThread(thread);
  watchOutput();
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      if (error instanceof UsageError) {
        complain(`netloom: error: ${error.message}`);
        complain(`For help: ${['netloom', ...commandOf(process.argv), '--help'].join(' ')}`);
      } else
        complainAtLength(`netloom: internal error: ${error instanceof Error ? error.stack : String(error)}`);
      process.exitCode = 1;
    },
  );
};
