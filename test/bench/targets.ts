/** What we want to reach, as numbers read from the results. */
import type { Results } from './bench.ts';

export interface Target {
  readonly what: string;
  readonly limit: number;
  /** The limit is a ceiling; else it is a floor. */
  readonly ceiling?: true;
  read(results: Results): number | undefined;
}

const ratio =
  (network: string, contender: string) =>
  ({ steps }: Results): number | undefined =>
    steps?.find((one) => one.network === network)?.results.find((one) => one.contender === contender)?.ratio;

/** How many times as long the contender takes as we do on one thread. */
const against = (network: string, contender: string, title: string, limit: number): Target => ({
  what: `${title} / ours, ${network}`,
  limit,
  read: ratio(network, contender),
});

const twoThreads = (network: string, limit: number): Target => ({
  what: `ours, 1 thread / 2 threads, ${network}`,
  limit,
  read: (results) => {
    const found = ratio(network, 'ours-2')(results);
    return found && 1 / found;
  },
});

/** The smallest share of peak among kernels whose names begin so and end so. */
const kernels = (what: string, pattern: RegExp, limit: number): Target => ({
  what: `${what}, share of peak`,
  limit,
  read: ({ kernels }) =>
    kernels &&
    Math.min(...kernels.rates.filter(({ kernel }) => pattern.test(kernel)).map(({ ofPeak }) => ofPeak)),
});

const statistics = (
  what: string,
  read: (cost: NonNullable<Results['statistics']>[number]) => number,
  limit: number,
): Target => ({
  what: `${what}, worst of the networks`,
  limit,
  ceiling: true,
  read: ({ statistics }) => statistics && Math.max(...statistics.map(read)),
});

export const targets: readonly Target[] = [
  against('mlp', 'torch-1', 'PyTorch', 1.2),
  against('cnn', 'torch-1', 'PyTorch', 3),
  against('cnn', 'torch-1-tuned', 'PyTorch tuned', 1.7),
  against('lstm', 'torch-1', 'PyTorch', 1.2),
  against('xor', 'torch-1', 'PyTorch', 25),
  against('xor', 'convnetjs', 'ConvNetJS', 1),
  twoThreads('deep', 1.6),
  twoThreads('lstm', 1.5),
  twoThreads('mlp', 0.98),
  twoThreads('cnn', 0.98),
  twoThreads('xor', 0.98),
  against('mlp', 'tfjs-wasm', 'TensorFlow.js wasm', 12),
  against('lstm', 'tfjs-wasm', 'TensorFlow.js wasm', 12),
  against('mlp', 'tfjs-cpu', 'TensorFlow.js cpu', 60),
  against('lstm', 'tfjs-cpu', 'TensorFlow.js cpu', 60),
  against('cnn', 'tfjs-cpu', 'TensorFlow.js cpu', 1000),
  against('mlp', 'convnetjs', 'ConvNetJS', 28),
  against('cnn', 'convnetjs', 'ConvNetJS', 60),
  against('mlp', 'brain', 'brain.js', 40),
  against('lstm', 'brain', 'brain.js', 40),
  kernels('product 128³', /^A·B 128×128×128$/, 0.85),
  kernels('product 256³', /^A·B 256×256×256$/, 0.85),
  kernels('3×3 convolution 32 → 64 and both backwards', /14, 14, 32\] → 64$/, 0.6),
  {
    what: 'compile of 1,000 layers, ms',
    limit: 100,
    ceiling: true,
    read: ({ chain }) => chain?.firstCompile,
  },
  {
    what: 'a step of 1,000 layers / 100 layers',
    limit: 15,
    ceiling: true,
    read: ({ chain }) => chain && chain.step1000 / chain.step100,
  },
  statistics('statistics at the usual cadence', ({ usual }) => usual, 0.02),
  statistics('every probe at every step', ({ everyStep }) => everyStep, 0.25),
];

export const isMet = ({ limit, ceiling }: Target, value: number): boolean =>
  ceiling ? value <= limit : value >= limit;
