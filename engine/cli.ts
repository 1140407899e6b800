/** The engine as a command: `netloom new|check|train|evaluate FILE`, `netloom vectors DIR`. */
import { readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { templateNames, writeTemplate } from './cli/new.ts';
import { runStoppably } from './cli/run.ts';
import { runVectors } from './cli/vectors.ts';
import { analyze } from './graph/analyze.ts';
import { referenceBackend } from './kernels/reference/backend.ts';
import { loadBackend } from './kernels/wasm/load.ts';
import type { TrainingEvent, Warning } from './protocol/events.ts';
import { writeEvent } from './protocol/eventText.ts';
import type { Job } from './protocol/training.ts';
import type { Path } from './schema/attributes.ts';
import { showBytes } from './schema/bytes.ts';
import { oneLine } from './schema/plainText.ts';
import type { Range } from './spec/document.ts';
import { parse } from './spec/parse.ts';
import { formatNumber } from './stats/numbers.ts';
import { scoresText } from './stats/scores.ts';

const usage = `Usage: netloom <command> FILE [options]

Commands
  new FILE         write a network to start from
  check FILE       report every problem of a network
  train FILE       train it as its "training" section says
  evaluate FILE    score saved weights on the test data
  vectors DIR      compute reference cases and compare with their numbers

Options
  --template NAME  new: ${templateNames.join(', ')}; default ${templateNames[0]}
  --json           print one event a line
  --seed N         instead of the spec's seed
  --epochs N       instead of the spec's number of epochs
  --threads N      threads to compute on; default 1, results are the same
  --out DIR        where weights and run log go (train) or are (evaluate);
                   an earlier run there is replaced once there are new weights
                   default: a new folder under .netloom/runs/ beside FILE (train),
                   the newest one with weights (evaluate)
  --float32        vectors: compute in float32 instead of float64
  --backend NAME   vectors: "reference" (default) or "wasm", which is float32
  --help           this text

Ctrl+C stops a run and saves its weights; pressed again, it ends the command at once.
`;

/** The person's mistake in calling the command. */
class UsageError extends Error {}

interface Options {
  readonly json: boolean;
  readonly seed?: number;
  readonly epochs?: number;
  readonly threads?: number;
  readonly out?: string;
  readonly float32: boolean;
  readonly wasm: boolean;
  readonly template: string;
}

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  if (values.help) {
    process.stdout.write(usage);
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
    ...(values.out === undefined ? {} : { out: values.out }),
    float32: values.float32 === true,
    wasm: isWasm(values.backend),
    template: values.template ?? templateNames[0],
  };
  return run(file, options);
}

type Command = (file: string, options: Options) => Promise<number>;

const commands: { readonly [name: string]: Command } = {
  async new(file, { template }) {
    try {
      writeTemplate(file, template);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
    process.stdout.write(`${file}: written from the template "${template}"\n`);
    return 0;
  },
  async check(file) {
    const text = readText(file);
    const { diagnostics } = analyze(text);
    for (const { severity, message, range } of diagnostics) complain(file, text, range, severity, message);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    if (errors === 0) process.stdout.write(`${file}: no errors\n`);
    return errors > 0 ? 1 : 0;
  },
  train: (file, options) => runTask('train', file, readText(file), options),
  evaluate: (file, options) => runTask('evaluate', file, readText(file), options),
  async vectors(folder, { float32, wasm }) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`expected a folder, found ${folder}`);
    const backend = wasm ? loadBackend(join(__dirname, 'kernels')) : referenceBackend;
    return runVectors(
      folder,
      { precision: float32 || wasm ? 'float32' : 'float64', backend },
      {
        line: (text) => process.stdout.write(`${text}\n`),
        complain: (text) => process.stderr.write(`${text}\n`),
      },
    );
  },
};

async function runTask(task: Job['task'], file: string, text: string, options: Options): Promise<number> {
  const errors = analyze(text).diagnostics.filter(({ severity }) => severity === 'error');
  for (const { message, range } of errors) complain(file, text, range, 'error', message);
  if (errors.length > 0) return 1;
  const print = options.json
    ? (event: TrainingEvent) => process.stdout.write(`${writeEvent(event)}\n`)
    : printer();
  const warn = ({ message, path }: Warning) => complain(file, text, rangeAt(text, path), 'warning', message);
  const { seed, epochs, threads } = options;
  const job: Job = {
    task,
    text,
    folder: dirname(resolve(file)),
    network: basename(file),
    ...(options.out === undefined ? {} : { output: resolve(options.out) }),
    ...(seed === undefined ? {} : { seed }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(threads === undefined ? {} : { threads }),
  };
  const emit = (event: TrainingEvent) => {
    if ('warnings' in event) event.warnings?.forEach(warn);
    if (event.event === 'warning') warn({ ...event, path: [] });
    print(event);
  };
  const { end, signal } = await runStoppably(join(__dirname, 'worker.cjs'), job, emit);
  print(end);
  const hasFailed = end.reason === 'failed' || end.code !== undefined;
  if (hasFailed) complain(file, text, rangeAt(text, end.path ?? []), 'error', end.message ?? '');
  if (signal !== undefined) return 128 + constants.signals[signal];
  return hasFailed ? 1 : 0;
}

function rangeAt(text: string, path: Path): Range {
  return parse(text).source.range(path, 'value');
}

/** Names of a file may hold escape sequences, which a terminal would obey. */
const printable = (text: string): string =>
  text
    .split('\n')
    .map((line) => oneLine(line, 10_000))
    .join('\n');

/** `file:line:col: error: message`, as compilers do, so that editors can jump there. */
function complain(file: string, text: string, range: Range, severity: string, message: string): void {
  const before = text.slice(0, range.start).split(/\r\n|\r|\n/);
  process.stderr.write(
    `${file}:${before.length}:${before[before.length - 1].length + 1}: ${severity}: ${printable(message)}\n`,
  );
}

function printer(): (event: TrainingEvent) => void {
  const live = process.stderr.isTTY;
  const line = (text: string) => process.stdout.write(`${printable(text)}\n`);
  const printers: {
    readonly [K in TrainingEvent['event']]: (event: Extract<TrainingEvent, { event: K }>) => void;
  } = {
    plan: ({ parameters, memoryBytes, trainSamples, testSamples, backend }) =>
      line(
        `${parameters} parameters, ${showBytes(memoryBytes)}, ${trainSamples} training and ${testSamples} test samples, ${backend} backend`,
      ),
    step: ({ step, epoch, loss, samplesPerSecond }) => {
      if (live)
        process.stderr.write(
          `\r  epoch ${epoch}  step ${step}  loss ${formatNumber(loss)}  ${Math.round(samplesPerSecond)} samples/s   `,
        );
    },
    stats: () => {},
    epoch: ({ epoch, train, test, penalty, seconds }) => {
      if (live) process.stderr.write('\r\x1b[K');
      const parts = [`epoch ${epoch}`, `train ${scoresText(train)}`];
      if (test) parts.push(`test ${scoresText(test)}`);
      if (penalty !== undefined) parts.push(`penalty ${formatNumber(penalty)}`);
      line([...parts, `${seconds.toFixed(1)} s`].join('  '));
    },
    evaluation: ({ split, test, samples, seconds }) => {
      const scored = split === 'train' ? 'training samples, for there are none to test on' : 'test samples';
      line(`${samples} ${scored}  ${scoresText(test)}  ${seconds.toFixed(1)} s`);
    },
    warning: () => {},
    end: ({ reason, step, restoredEpoch, folder }) => {
      if (live) process.stderr.write('\r\x1b[K');
      if (reason === 'finished') line('finished');
      else if (step > 0) line(`${reason} at step ${step}`);
      if (restoredEpoch !== undefined) line(`the weights are those of epoch ${restoredEpoch}, the best one`);
      if (folder !== undefined) line(`the run is in ${relative('', folder) || '.'}`);
    },
  };
  return (event) => (printers[event.event] as (event: TrainingEvent) => void)(event);
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
        out: { type: 'string' },
        float32: { type: 'boolean' },
        backend: { type: 'string' },
        template: { type: 'string' },
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

function isWasm(backend: string | undefined): boolean {
  if (backend === undefined || backend === 'reference' || backend === 'wasm') return backend === 'wasm';
  throw new UsageError(`--backend expects "reference" or "wasm", found "${backend}"`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

// Whoever reads our output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) process.stderr.write(`netloom: error: ${error.message}\n\n${usage}`);
    else
      process.stderr.write(
        `netloom: internal error: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
    process.exitCode = 1;
  },
);
