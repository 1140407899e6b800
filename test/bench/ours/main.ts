/** Netloom's side of the benchmark, in a separate process: `contend TASK THREADS WIDE`, or a measurement that is reported as JSON. */
import { execFileSync } from 'node:child_process';
import { measureChains } from './chain.ts';
import { contend } from './contender.ts';
import { measureFirstStep } from './first.ts';
import { measureGrowth } from './growth.ts';
import { type KernelTurn, measureKernels, summarizeKernels } from './kernels.ts';
import { measureProfiles } from './profile.ts';
import { measureStatistics, mediansOf, type StatisticsCost } from './statistics.ts';

const watched = ['mlp', 'cnn', 'lstm', 'xor'];

const measurements: { readonly [name: string]: (rounds: number, network: string) => Promise<unknown> } = {
  // Each build runs in a separate process, in turns, because flags for wide vectors apply to a whole process.
  kernels: async (rounds) => {
    const turns = Array.from({ length: rounds }, () => ({
      wide: inOwnProcess('kernelsOf', 1, 'auto') as KernelTurn,
      relaxed: inOwnProcess('kernelsOf', 1, 'off') as KernelTurn,
    }));
    return summarizeKernels(turns);
  },
  kernelsOf: async (_rounds, wide) => measureKernels(wide !== 'off'),
  first: async (rounds) => measureFirstStep(rounds),
  profile: measureProfiles,
  growth: measureGrowth,
  chain: measureChains,
  // As in use, each network runs in a fresh process. There are several, because each compiles and places its code differently.
  statistics: async (rounds) =>
    watched.map((network) =>
      mediansOf(
        Array.from(
          { length: rounds },
          () => inOwnProcess('statisticsOf', secondsOfProcess, network) as StatisticsCost,
        ),
      ),
    ),
  statisticsOf: (seconds, network) => measureStatistics(network, seconds),
};

/** Seconds that a process spends on each comparison. */
const secondsOfProcess = 1;

function inOwnProcess(measurement: string, rounds: number, network: string): unknown {
  const command = [process.argv[1], measurement, String(rounds), network];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' }));
}

async function main(): Promise<void> {
  const [what, ...rest] = process.argv.slice(2);
  if (what === 'contend') await contend(rest[0], Number(rest[1]), rest[2] !== 'off');
  else {
    const text = JSON.stringify(await measurements[what](Number(rest[0]), rest[1]));
    // A pipe takes a long text piece by piece, and the process must not end before the last piece.
    await new Promise((resolve) => process.stdout.write(text, resolve));
  }
}

await main();
process.exit(0);
