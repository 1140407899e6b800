/** The targets, as numbers that are read from the results. */
import type { Results } from './bench.ts';
import { lostThroughput } from './ours/statistics.ts';

export interface Target {
  readonly what: string;
  readonly limit: number;
  /** The limit is the most; otherwise it is the least. */
  readonly ceiling?: true;
  read(results: Results): number | undefined;
}

const ratio =
  (network: string, contender: string) =>
  ({ steps }: Results): number | undefined =>
    steps?.find((one) => one.network === network)?.results.find((one) => one.contender === contender)?.ratio;

/** The time of a contender, divided by that of Netloom on one thread. */
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

/** Among the kernels whose names match, the smallest share of the 128-bit peak, or the smallest gain over the relaxed build. */
const kernels = (what: string, of: 'ofPeak' | 'relaxed', pattern: RegExp, limit: number): Target => ({
  what: `${what}, ${of === 'ofPeak' ? 'share of the 128-bit peak' : '128-bit build / ours'}`,
  limit,
  read: ({ kernels }) =>
    kernels &&
    Math.min(...kernels.rates.filter(({ kernel }) => pattern.test(kernel)).map((rate) => rate[of])),
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

/** The time of PyTorch's faster setting, divided by that of Netloom with as many threads. */
const bestOfTorch = (network: string, threads: 1 | 2, limit: number): Target => ({
  what: `PyTorch's best at ${threads} thread${threads === 1 ? '' : 's'} / ours at ${threads}, ${network}`,
  limit,
  read: (results) => {
    const [ours, plain, tuned] = [
      threads === 1 ? 'ours' : `ours-${threads}`,
      `torch-${threads}`,
      `torch-${threads}-tuned`,
    ].map((name) => ratio(network, name)(results));
    return ours && plain && tuned && Math.min(plain, tuned) / ours;
  },
});

const small = ['mlp', 'cnn', 'deep', 'lstm', 'gru', 'xor'];
const large = ['resnet', 'lstm512', 'transformer'];

export const targets: readonly Target[] = [
  against('mlp', 'torch-1', 'PyTorch', 2),
  against('cnn', 'torch-1', 'PyTorch', 3),
  against('cnn', 'torch-1-tuned', 'PyTorch tuned', 2.2),
  against('deep', 'torch-1', 'PyTorch', 2.4),
  against('deep', 'torch-1-tuned', 'PyTorch tuned', 1.8),
  against('lstm', 'torch-1', 'PyTorch', 1.9),
  against('gru', 'torch-1', 'PyTorch', 2),
  against('xor', 'torch-1', 'PyTorch', 60),
  ...large.map((network) => bestOfTorch(network, 1, 1)),
  ...[...small, ...large].map((network) => bestOfTorch(network, 2, 1.3)),
  twoThreads('deep', 1.7),
  twoThreads('lstm', 1.6),
  twoThreads('gru', 1.5),
  twoThreads('cnn', 1.4),
  twoThreads('mlp', 1.2),
  ...['xor', ...large].map((network) => twoThreads(network, 0.98)),
  ...[...small, 'lstm512'].map((network) => against(network, 'jax', 'jax-js wasm', 3)),
  ...['mlp', 'lstm', 'gru', 'xor', 'lstm512'].map((network) =>
    against(network, 'tfjs-wasm', 'TensorFlow.js wasm', 20),
  ),
  against('mlp', 'tfjs-cpu', 'TensorFlow.js cpu', 60),
  against('lstm', 'tfjs-cpu', 'TensorFlow.js cpu', 60),
  against('xor', 'convnetjs', 'ConvNetJS', 1),
  against('mlp', 'convnetjs', 'ConvNetJS', 28),
  against('cnn', 'convnetjs', 'ConvNetJS', 60),
  against('mlp', 'brain', 'brain.js', 40),
  against('lstm', 'brain', 'brain.js', 40),
  kernels('product 256³', 'relaxed', /^A·B 256×256×256$/, 1.8),
  kernels('product 256³', 'ofPeak', /^A·B 256×256×256$/, 1.75),
  kernels('3×3 convolution 32 → 64 and both backwards', 'relaxed', /14, 14, 32\] → 64$/, 1.6),
  {
    what: 'from Train to the first step, ms',
    limit: 300,
    ceiling: true,
    read: ({ first }) => first?.auto,
  },
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
  statistics('statistics at the usual cadence', lostThroughput, 0.02),
  statistics('every probe at every step', ({ everyStep }) => everyStep.ratio - 1, 0.25),
];

export const isMet = ({ limit, ceiling }: Target, value: number): boolean =>
  ceiling ? value <= limit : value >= limit;
