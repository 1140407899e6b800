/** Our side of the benchmark, run in a process of its own: `contend TASK THREADS`, or a measurement told as JSON. */
import { measureChains } from './chain.ts';
import { contend } from './contender.ts';
import { measureGrowth } from './growth.ts';
import { measureKernels } from './kernels.ts';
import { measureProfiles } from './profile.ts';
import { measureStatistics } from './statistics.ts';

const measurements: { readonly [name: string]: (rounds: number) => Promise<unknown> } = {
  kernels: measureKernels,
  profile: measureProfiles,
  growth: measureGrowth,
  chain: measureChains,
  statistics: (rounds) => measureStatistics(['mlp', 'cnn', 'lstm', 'xor'], rounds),
};

async function main(): Promise<void> {
  const [what, ...rest] = process.argv.slice(2);
  if (what === 'contend') await contend(rest[0], Number(rest[1]));
  else process.stdout.write(JSON.stringify(await measurements[what](Number(rest[0]))));
}

await main();
process.exit(0);
