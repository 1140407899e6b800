/** The engine as a command: `netloom new|check|train|evaluate|diagnose|fix|try|repair|preflight|picture|replay FILE`, `netloom vectors DIR`. */
import { statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { check } from './api.ts';
import { diagnoseNetwork, fixNetwork } from './cli/diagnose.ts';
import { templateNames, writeTemplate } from './cli/new.ts';
import { checkKeys, type Options, readArguments, readOptions, UsageError, unknown } from './cli/options.ts';
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
import { formatNumber } from './schema/numbers.ts';
import { bytesText } from './schema/text.ts';
import { beatsBaseline, scoresText } from './stats/scores.ts';

const usage = `Usage: netloom <command> FILE [options]

Commands
  new FILE         write a new network from a template
  check FILE       report every problem of a network
  train FILE       train it as set in its "training" section
  evaluate FILE    score saved weights on the test data
  diagnose FILE    check its text, its data and a short training for faults; where these
                   name no cause, compare it with usual choices, one change at a time;
                   nothing is written
  fix FILE         apply the fix for one finding, see --code
  try FILE         train it for some steps without and with the fix for one finding,
                   see --code, and compare; nothing is written
  repair FILE      try fixes one after another, and keep those that help
  preflight FILE   run the checks a network must pass before training
  picture FILE     draw it as SVG, or as Mermaid text with -o NAME.mmd
  replay FILE      write a page that replays a run in any browser, see --run
  vectors DIR      compute reference cases and compare the results

Options
  --template NAME  new: ${templateNames.join(', ')}; default ${templateNames[0]}
  --code CODE      fix, try: the finding, e.g. relu/dead
  --layer NAME     fix, try: the layer, if several have the same finding
  --steps N        try, repair: number of steps to train each network
                   default: at least 300, until the finding shows (try), 1000 (repair)
  --limit CODE/NAME=NUMBER
                   another limit for a finding, e.g. relu/dead/error=0.5; may be given
                   several times
  --no-comparisons diagnose: train it only once
  --write          fix, repair: change FILE; default: print the network
  --json           print one event per line
  --seed N         use this seed instead of the file's
  --epochs N       train this many epochs instead of the file's
  --sample N       log feature maps and attention maps of this sample of the test data
                   (train); default 1
  --threads N      number of threads; default 1, results are the same
  --wide off       no 256-bit vectors; default "auto": use them if faster, results are the same
  -o, --out DIR    folder to write weights and run log to (train) or read from (evaluate);
                   an earlier run there is replaced once there are new weights
                   default: a new folder under .netloom/runs/ beside FILE (train),
                   the newest one with weights (evaluate)
                   with picture and replay: the file to write; default: print it
  --run DIR        replay: the folder of the run; default: the newest one of FILE
  --dark           picture: use a dark background
  --check KEY      preflight: only this check; may be given several times
                   ${checkKeys.join(', ')}
  --float32        vectors: compute in float32 instead of float64
  --backend NAME   vectors: "reference" (default) or "wasm", which is float32
  --help           print this text

Ctrl+C stops a run and saves its weights; pressed again, it ends the command at once.
`;

/** The bundle that draws pictures. */
const pictureBundle = join(__dirname, 'picture.cjs');

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  if (values.help) {
    print(usage);
    return 0;
  }
  const [command, file, ...rest] = positionals;
  if (command === undefined || file === undefined || rest.length > 0)
    throw new UsageError('expected a command and a FILE or DIR');
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!run) throw new UsageError(unknown('command', command, Object.keys(commands)));
  const options = readOptions(values);
  return run(file, options);
}

type Command = (file: string, options: Options) => Promise<number>;

const commands: { readonly [name: string]: Command } = {
  async new(file, { template }) {
    if (!templateNames.includes(template))
      throw new UsageError(`there is no template "${template}". Choose one of ${templateNames.join(', ')}.`);
    const problem = writeTemplate(file, template);
    if (problem !== undefined) {
      complain(`netloom: error: ${problem}`);
      return 1;
    }
    say(`${file}: written from the template "${template}"`);
    return 0;
  },
  async check(file, { limits }) {
    const network = readNetwork(file);
    const { problems } = check(network.text, limits);
    for (const { severity, message, range } of problems) network.complain(severity, message, range);
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    if (errors === 0) say(`${file}: no errors`);
    return errors > 0 ? 1 : 0;
  },
  train: (file, options) => runTask('train', readNetwork(file), options),
  evaluate: (file, options) => runTask('evaluate', readNetwork(file), options),
  diagnose: (file, options) => diagnoseNetwork(readNetwork(file), { ...options, worker }),
  fix: (file, options) => fixNetwork(readNetwork(file), { ...options, worker }),
  try: (file, options) => tryNetwork(readNetwork(file), { ...options, worker }),
  repair: (file, options) => repairNetwork(readNetwork(file), { ...options, worker }),
  preflight: (file, options) => runTask('preflight', readNetwork(file), options),
  picture: (file, { out, dark }) => drawNetwork(readNetwork(file), { out, dark, bundle: pictureBundle }),
  replay: (file, { out, run }) => replayRun(file, { out, run, dist: __dirname }),
  async vectors(folder, { float32, wasm }) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`expected a folder, found ${folder}`);
    const backend = wasm ? loadBackend(join(__dirname, 'kernels')) : referenceBackend;
    return runVectors(
      folder,
      { precision: float32 || wasm ? 'float32' : 'float64', backend },
      { line: say, complain },
    );
  },
};

async function runTask(task: Job['task'], network: NetworkText, options: Options): Promise<number> {
  const { file, text } = network;
  const { problems, findings } = check(text, options.limits);
  const errors = problems.filter((one) => one.severity === 'error' && !findings.includes(one));
  for (const { message, range } of errors) network.complain('error', message, range);
  if (errors.length > 0) return 1;
  const report = options.json ? (event: TrainingEvent) => sayJson(writeEvent(event)) : reporter();
  const warn = ({ message, path }: Warning) => network.complainAt('warning', message, path);
  const { seed, epochs, sample, threads, wide, checks, limits } = options;
  const job: Job = {
    task,
    text,
    folder: dirname(resolve(file)),
    network: basename(file),
    ...(options.out === undefined ? {} : { output: resolve(options.out) }),
    ...(checks === undefined ? {} : { checks }),
    ...(seed === undefined ? {} : { seed }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(sample === undefined ? {} : { sample }),
    ...(threads === undefined ? {} : { threads }),
    ...(wide === undefined ? {} : { wide }),
    ...(limits === undefined ? {} : { limits }),
  };
  let failures = 0;
  const emit = (event: TrainingEvent) => {
    if (event.event === 'check' && event.outcome === 'failed') failures++;
    if ('warnings' in event) event.warnings?.forEach(warn);
    if (event.event === 'warning') warn({ ...event, path: [] });
    if (event.event === 'finding')
      network.complainAt(event.severity, `${event.message} [${event.code}]`, event.path);
    report(event);
  };
  const { end, signal } = await runStoppably(worker, job, emit);
  report(end);
  const hasFailed = end.reason === 'failed' || end.code !== undefined;
  if (hasFailed) network.complainAt('error', end.message ?? '', end.path ?? []);
  if (signal !== undefined) return exitCodeOf(signal);
  return hasFailed || failures > 0 ? 1 : 0;
}

/** Prints events as lines of text. Events that are not listed here are only in the log and in `--json`. */
function reporter(): (event: TrainingEvent) => void {
  let baseline: Scores | undefined;
  let isGuess = false;
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
    epoch: ({ epoch, train, test, penalty, seconds }) => {
      isGuess = baseline !== undefined && !beatsBaseline(test ?? train, baseline);
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
      if (reason === 'finished') say(isGuess ? 'finished, but no better than guessing' : 'finished');
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
