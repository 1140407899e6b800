/** Our side of the benchmark, run in a process of its own: `contend TASK THREADS`, or a measurement told as JSON. */
import { execFileSync } from 'node:child_process';
import { measureChains } from './chain.ts';
import { contend } from './contender.ts';
import { measureGrowth } from './growth.ts';
import { measureKernels } from './kernels.ts';
import { measureProfiles } from './profile.ts';
import { measureStatistics } from './statistics.ts';

const watched = ['mlp', 'cnn', 'lstm', 'xor'];

const measurements: { readonly [name: string]: (rounds: number, network: string) => Promise<unknown> } = {
  kernels: measureKernels,
  profile: measureProfiles,
  growth: measureGrowth,
  chain: measureChains,
  // As in use, each network in a process that has met no other.
  statistics: async (rounds) => watched.map((network) => inOwnProcess('statisticsOf', rounds, network)),
  statisticsOf: (rounds, network) => measureStatistics(network, rounds),
};

function inOwnProcess(measurement: string, rounds: number, network: string): unknown {
  const command = [process.argv[1], measurement, String(rounds), network];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' }));
}

async function main(): Promise<void> {
  const [what, ...rest] = process.argv.slice(2);
  if (what === 'contend') await contend(rest[0], Number(rest[1]));
  else process.stdout.write(JSON.stringify(await measurements[what](Number(rest[0]), rest[1])));
}

await main();
process.exit(0);
