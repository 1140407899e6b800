/** The engine as a command: `netloom new|check|train|evaluate|diagnose|fix|try|repair|preflight|picture FILE`, `netloom vectors DIR`. */
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './api.ts';
import { diagnoseNetwork, fixNetwork } from './cli/diagnose.ts';
import { templateNames, writeTemplate } from './cli/new.ts';
import { drawNetwork } from './cli/picture.ts';
import { NetworkText } from './cli/place.ts';
import { runStoppably } from './cli/run.ts';
import { complain, complainAtLength, print, progress, say, sayJson } from './cli/terminal.ts';
import { repairNetwork, tryNetwork } from './cli/trials.ts';
import { runVectors } from './cli/vectors.ts';
import { type LimitSettings, readLimits } from './diagnose/limits.ts';
import { findings } from './diagnose/registry.ts';
import { referenceBackend } from './kernels/reference/backend.ts';
import { loadBackend } from './kernels/wasm/load.ts';
import { preflightChecks } from './preflight/registry.ts';
import type { EventKind, EventOfKind, Scores, TrainingEvent, Warning } from './protocol/events.ts';
import { writeEvent } from './protocol/eventText.ts';
import { type Job, type WideMode, wideModes } from './protocol/training.ts';
import { formatNumber } from './schema/numbers.ts';
import { bytesText } from './schema/text.ts';
import { beatsBaseline, scoresText } from './stats/scores.ts';

const checkKeys = preflightChecks.map(({ key }) => key);

const usage = `Usage: netloom <command> FILE [options]

Commands
  new FILE         write a network to start from
  check FILE       report every problem of a network
  train FILE       train it as its "training" section says
  evaluate FILE    score saved weights on the test data
  diagnose FILE    report what will go wrong: by its text, its data and a short
                   training that writes nothing
  fix FILE         make the fix of one finding, see --code
  try FILE         train it for some steps without and with the fix of one finding,
                   see --code, and compare; nothing is written
  repair FILE      try fixes one after another, and keep those that help
  preflight FILE   ask what a network must pass before it is worth training
  picture FILE     draw it as SVG, or as Mermaid text with -o NAME.mmd
  vectors DIR      compute reference cases and compare with their numbers

Options
  --template NAME  new: ${templateNames.join(', ')}; default ${templateNames[0]}
  --code CODE      fix, try: the finding, e.g. relu/dead
  --layer NAME     fix, try: the layer, where several have the same finding
  --steps N        try, repair: steps that each network is trained for
                   default: at least 300, until the finding shows (try), 1000 (repair)
  --limit CODE/NAME=NUMBER
                   another limit for a finding, e.g. relu/dead/warn=0.5; may be given
                   several times
  --write          fix, repair: change FILE; default: print the network
  --json           print one event a line
  --seed N         instead of the spec's seed
  --epochs N       instead of the spec's number of epochs
  --threads N      threads to compute on; default 1, results are the same
  --wide off       no 256-bit vectors; default "auto": where they are faster, results are the same
  -o, --out DIR    where weights and run log go (train) or are (evaluate);
                   an earlier run there is replaced once there are new weights
                   default: a new folder under .netloom/runs/ beside FILE (train),
                   the newest one with weights (evaluate)
                   with picture: the file to write; default: print it
  --dark           picture: on a dark background
  --check KEY      preflight: only this check; may be given several times
                   ${checkKeys.join(', ')}
  --float32        vectors: compute in float32 instead of float64
  --backend NAME   vectors: "reference" (default) or "wasm", which is float32
  --help           this text

Ctrl+C stops a run and saves its weights; pressed again, it ends the command at once.
`;

/** The engine's worker thread, and the bundle that draws. */
const worker = join(__dirname, 'worker.cjs');
const pictureBundle = join(__dirname, 'picture.cjs');

/** A mistake in how the command was called. */
class UsageError extends Error {}

interface Options {
  readonly json: boolean;
  readonly seed?: number;
  readonly epochs?: number;
  readonly threads?: number;
  readonly steps?: number;
  readonly wide?: WideMode;
  readonly out?: string;
  readonly float32: boolean;
  readonly wasm: boolean;
  readonly template: string;
  readonly code: string | undefined;
  readonly layer: string | undefined;
  readonly write: boolean;
  readonly dark: boolean;
  readonly checks?: readonly string[];
  readonly limits?: LimitSettings;
}

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  if (values.help) {
    print(usage);
    return 0;
  }
  const [command, file, ...rest] = positionals;
  if (command === undefined || file === undefined || rest.length > 0)
    throw new UsageError('expected a command and a FILE or DIR');
  const run = commands[command];
  if (!run) throw new UsageError(`unknown command "${command}"`);
  const options: Options = {
    json: values.json === true,
    ...wholeNumber('seed', values.seed, 0),
    ...wholeNumber('epochs', values.epochs, 1),
    ...wholeNumber('threads', values.threads, 1),
    ...wholeNumber('steps', values.steps, 1),
    ...wideOf(values.wide),
    ...(values.out === undefined ? {} : { out: values.out }),
    float32: values.float32 === true,
    wasm: isWasm(values.backend),
    template: values.template ?? templateNames[0],
    code: values.code,
    layer: values.layer,
    write: values.write === true,
    dark: values.dark === true,
    ...checksOf(values.check),
    ...limitsFrom(values.limit),
  };
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
  const { seed, epochs, threads, wide, checks, limits } = options;
  const job: Job = {
    task,
    text,
    folder: dirname(resolve(file)),
    network: basename(file),
    ...(options.out === undefined ? {} : { output: resolve(options.out) }),
    ...(checks === undefined ? {} : { checks }),
    ...(seed === undefined ? {} : { seed }),
    ...(epochs === undefined ? {} : { epochs }),
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
  if (signal !== undefined) return 128 + constants.signals[signal];
  return hasFailed || failures > 0 ? 1 : 0;
}

/** Writes events as lines of text; those that are not listed here are only in the log and in `--json`. */
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
      if (reason === 'finished')
        say(isGuess ? 'finished, but no better than answers that ignore the input' : 'finished');
      else if (step > 0) say(`${reason} at step ${step}`);
      if (restoredEpoch !== undefined) say(`the weights are those of epoch ${restoredEpoch}, the best one`);
      if (folder !== undefined) say(`the run is in ${relative('', folder) || '.'}`);
    },
  };
  return (event) => (lines[event.event] as ((event: TrainingEvent) => void) | undefined)?.(event);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        seed: { type: 'string' },
        epochs: { type: 'string' },
        threads: { type: 'string' },
        steps: { type: 'string' },
        wide: { type: 'string' },
        out: { type: 'string', short: 'o' },
        dark: { type: 'boolean' },
        float32: { type: 'boolean' },
        backend: { type: 'string' },
        template: { type: 'string' },
        code: { type: 'string' },
        layer: { type: 'string' },
        write: { type: 'boolean' },
        check: { type: 'string', multiple: true },
        limit: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, value: string | undefined, least: number): { [name: string]: number } {
  if (value === undefined) return {};
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw new UsageError(`--${name} expects a whole number of at least ${least}, found "${value}"`);
  return { [name]: number };
}

function wideOf(value: string | undefined): Pick<Options, 'wide'> {
  if (value === undefined) return {};
  const mode = wideModes.find((known) => known === value);
  if (mode === undefined)
    throw new UsageError(`--wide expects one of ${wideModes.join(', ')}, found "${value}"`);
  return { wide: mode };
}

function checksOf(keys: readonly string[] | undefined): Pick<Options, 'checks'> {
  if (keys === undefined) return {};
  const unknown = keys.find((key) => !checkKeys.includes(key));
  if (unknown !== undefined)
    throw new UsageError(`--check expects one of ${checkKeys.join(', ')}, found "${unknown}"`);
  return { checks: keys };
}

function limitsFrom(given: readonly string[] | undefined): Pick<Options, 'limits'> {
  if (given === undefined) return {};
  const { limits, problems } = readLimits(
    Object.fromEntries(
      given.map((one) => {
        const [key, value = ''] = one.split('=');
        return [key.trim(), value.trim() === '' ? value : Number(value)];
      }),
    ),
    findings,
  );
  if (problems.length > 0) throw new UsageError(`--limit: ${problems.join(' ')}`);
  return { limits };
}

function isWasm(backend: string | undefined): boolean {
  if (backend === undefined || backend === 'reference' || backend === 'wasm') return backend === 'wasm';
  throw new UsageError(`--backend expects "reference" or "wasm", found "${backend}"`);
}

function readNetwork(file: string): NetworkText {
  try {
    return NetworkText.read(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

// The reader of our output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) {
      complain(`netloom: error: ${error.message}`);
      print(`\n${usage}`, 'stderr');
    } else
      complainAtLength(`netloom: internal error: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  },
);
