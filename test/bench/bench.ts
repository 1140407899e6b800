/** The benchmark: starts the measurements, collects the results, and writes the report. run.mjs bundles and starts it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { contenders, type Hosts } from './contenders.ts';
import { networks } from './networks.ts';
import type { Chains } from './ours/chain.ts';
import type { FirstStep } from './ours/first.ts';
import type { Growth } from './ours/growth.ts';
import type { KernelRates } from './ours/kernels.ts';
import type { Profile } from './ours/profile.ts';
import type { StatisticsCost } from './ours/statistics.ts';
import { report } from './report.ts';
import { measureSteps, type NetworkResult } from './steps.ts';
import { describeTorch, findTorch, unfairness } from './torch.ts';

const measurements = ['kernels', 'profile', 'growth', 'chain', 'statistics', 'first'] as const;

const usage = `Usage: npm run bench -- [options]

  --only A,B          of: ${Object.keys(networks).join(', ')}, ${measurements.join(', ')}
  --contenders A,B    of: ${contenders.map(({ name }) => name).join(', ')}; "torch" means all of PyTorch
  --rounds N          turns of each contender; default 7
  --node PATH         the Node that runs contenders; default this one
  --python PATH       the Python that has PyTorch; default python3
  --write             put the report into docs/benchmarks.md
  --help              this text
`;

export interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  /** The version, BLAS and rate of PyTorch, or a note that there is none. */
  readonly torch: string;
  /** Why nothing was compared with PyTorch. */
  readonly torchLeftOut?: string;
}

export interface Results {
  readonly machine: Machine;
  readonly steps?: readonly NetworkResult[];
  readonly kernels?: KernelRates;
  readonly profile?: readonly Profile[];
  readonly growth?: readonly Growth[];
  readonly chain?: Chains;
  readonly statistics?: readonly StatisticsCost[];
  readonly first?: FirstStep;
}

interface Options {
  readonly only: readonly string[];
  readonly contenders: readonly string[];
  readonly rounds: number;
  readonly node: string;
  readonly pythons: readonly string[];
  readonly write: boolean;
}

/** Undefined if help is requested. Throws an error with the usage if an option does not exist. */
function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      contenders: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      node: { type: 'string', default: process.execPath },
      python: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const parts: readonly string[] = [...Object.keys(networks), ...measurements];
  const only = values.only?.split(',') ?? parts;
  const chosen = values.contenders?.split(',') ?? ['ours', ...contenders.map(({ name }) => name)];
  const rounds = Number(values.rounds);
  const unknown = [
    ...only.filter((name) => !parts.includes(name)),
    ...chosen.filter((prefix) => !contenders.some(({ name }) => matches(name, prefix))),
  ];
  if (unknown.length > 0) throw new Error(`bench: there is no ${unknown.join(', ')}\n\n${usage}`);
  if (!(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`bench: --rounds is a whole number\n\n${usage}`);
  const pythons = values.python ? [values.python] : ['python3', '/usr/bin/python3'];
  return { only, contenders: chosen, rounds, node: values.node, pythons, write: values.write };
}

const matches = (name: string, prefix: string): boolean => name === prefix || name.startsWith(`${prefix}-`);

async function measure(options: Options): Promise<Results> {
  const torch = findTorch(options.pythons);
  const unfair = torch && unfairness(torch);
  if (unfair) process.stderr.write(`PyTorch is left out. ${unfair}.\n`);
  const hosts: Hosts = { node: options.node, python: torch?.python, environment: torch?.environment ?? {} };
  const chosen = contenders.filter(
    ({ name }) =>
      options.contenders.some((prefix) => matches(name, prefix)) &&
      ((torch && !unfair) || !matches(name, 'torch')),
  );
  const steps: NetworkResult[] = [];
  for (const name of options.only.filter((part) => part in networks)) {
    process.stderr.write(`${name} …\n`);
    steps.push(await measureSteps(name, networks[name], chosen, hosts, options.rounds));
  }
  const measured = measurements
    .filter((part) => options.only.includes(part))
    .map((part) => {
      process.stderr.write(`${part} …\n`);
      const command = ['dist/bench/ours.mjs', part, String(options.rounds)];
      return [part, JSON.parse(execFileSync(options.node, command, { encoding: 'utf8' }))];
    });
  return {
    machine: {
      date: new Date().toISOString().slice(0, 10),
      processor: cpus()[0].model,
      cores: cpus().length,
      node: execFileSync(options.node, ['--version'], { encoding: 'utf8' }).trim().slice(1),
      torch: torch ? describeTorch(torch) : 'not found',
      ...(unfair ? { torchLeftOut: unfair } : {}),
    },
    ...(steps.length > 0 ? { steps } : {}),
    ...Object.fromEntries(measured),
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    process.stdout.write(usage);
    return;
  }
  const results = await measure(options);
  mkdirSync('test/bench/results', { recursive: true });
  writeFileSync('test/bench/results/latest.json', `${JSON.stringify(results, undefined, 2)}\n`);
  const text = report(results);
  process.stdout.write(`${text}\n`);
  if (options.write)
    writeFileSync('docs/benchmarks.md', `${readFileSync('test/bench/introduction.md', 'utf8')}\n${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
