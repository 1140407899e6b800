/** Results → Markdown. */
import type { Results } from './bench.ts';
import { contenders } from './contenders.ts';
import { networks } from './networks.ts';
import { lostThroughput } from './ours/statistics.ts';
import type { Comparison } from './ours/time.ts';
import type { NetworkResult, StepResult } from './steps.ts';
import { isMet, targets } from './targets.ts';

type Row = readonly string[];

/** Columns of numbers are aligned to the right. */
const table = ([head, ...rows]: readonly Row[], ...leftColumns: readonly number[]): string =>
  [head, head.map((_, column) => (column === 0 || leftColumns.includes(column) ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

/** Three significant digits. */
const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

const time = (milliseconds: number): string =>
  milliseconds < 0.1 ? `${digits(1000 * milliseconds)} µs` : `${digits(milliseconds)} ms`;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function report(results: Results): string {
  const { machine } = results;
  return [
    `Measured ${machine.date} on ${machine.processor} (${machine.cores} cores), Node ${machine.node}, PyTorch ${machine.torch}.`,
    ...(machine.torchLeftOut ? [`PyTorch is left out. ${machine.torchLeftOut}.`] : []),
    ...(results.steps ?? []).map(showNetwork),
    showKernels(results),
    showProfiles(results),
    showGrowth(results),
    showChain(results),
    showStatistics(results),
    showFirst(results),
    showTargets(results),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function showNetwork({ network, operations, results }: NetworkResult): string {
  const reasons: string[] = [];
  const rows = results.map((result): Row => {
    const contender = contenders.find(({ name }) => name === result.contender);
    const title = contender?.title ?? result.contender;
    if (result.refusal !== undefined) {
      reasons.push(`${title}: ${result.refusal}.`);
      return [title, '–', '–', '–', '–', '–'];
    }
    return [title, ...showStep(result, operations), showDifference(result, contender?.near)];
  });
  return [
    `### ${networks[network].title}`,
    table([['', 'a step', '/ ours', 'GFLOP/s', 'peak memory', 'losses differ by'], ...rows]),
    ...reasons,
  ].join('\n\n');
}

function showStep(result: StepResult, operations: number): Row {
  const { milliseconds = 0, ratio, memory = 0, rough } = result;
  return [
    `${rough ? 'about ' : ''}${time(milliseconds)}`,
    ratio === undefined ? '–' : digits(ratio),
    digits(operations / milliseconds / 1e6),
    `${memory.toFixed(0)} MB`,
  ];
}

function showDifference({ lossDifference }: StepResult, isNear = false): string {
  if (isNear) return 'another task';
  if (lossDifference === undefined) return '–';
  return lossDifference === 0 ? '0' : lossDifference.toExponential(0);
}

function showKernels({ kernels }: Results): string | undefined {
  if (!kernels) return undefined;
  const rows = kernels.rates.map(
    ({ kernel, milliseconds, gigaflops, ofPeak, relaxed }): Row =>
      gigaflops > 0
        ? [kernel, time(milliseconds), digits(gigaflops), percent(ofPeak), digits(relaxed)]
        : [kernel, time(milliseconds), '–', '–', digits(relaxed)],
  );
  return [
    '## Kernels, one thread',
    `The peak of 128-bit multiply-adds here is ${digits(kernels.peakGigaflops)} GFLOP/s.`,
    table([['kernel', 'time', 'GFLOP/s', 'of 128-bit peak', '128-bit build / ours'], ...rows]),
  ].join('\n\n');
}

function showProfiles({ profile }: Results): string | undefined {
  if (!profile) return undefined;
  const shown = profile.map(({ network, milliseconds, parts }): Row => {
    const large = parts.filter(({ share }) => share >= 0.03);
    const list = large.map(({ kernel, calls, share }) => {
      const times = calls > 1 ? ` (${digits(calls)} calls)` : '';
      return `${(100 * share).toFixed(0)} % ${kernel}${times}`;
    });
    return [network, time(milliseconds), list.join('<br>')];
  });
  return ['## Where a step goes, one thread', table([['network', 'a step', 'parts'], ...shown], 2)].join(
    '\n\n',
  );
}

function showGrowth({ growth }: Results): string | undefined {
  if (!growth) return undefined;
  const rows = growth.map(({ axis, milliseconds, operations }): Row => {
    const [first, ...rest] = milliseconds;
    const grown = rest.map(
      (value, index) =>
        `${time(value)} (×${digits(value / first)}; work ×${digits(operations[index + 1] / operations[0])})`,
    );
    return [axis, time(first), ...grown];
  });
  return ['## How cost grows', table([['', '×1', '×2', '×4', '×8'], ...rows])].join('\n\n');
}

function showChain({ chain }: Results): string | undefined {
  if (!chain) return undefined;
  const { firstCompile, compile, step100, step1000, vanishing } = chain;
  return [
    '## Very deep networks',
    table([
      ['', ''],
      ['text → plan, 1,000 layers, first in a process', time(firstCompile)],
      ['text → plan, 1,000 layers, later', time(compile)],
      ['a step of 100 layers', time(step100)],
      ['a step of 1,000 layers', `${time(step1000)} (×${digits(step1000 / step100)})`],
      ['a step of 100 sigmoids, whose gradient vanishes, against 100 ReLUs', `×${digits(vanishing)}`],
    ]),
  ].join('\n\n');
}

function showStatistics({ statistics }: Results): string | undefined {
  if (!statistics) return undefined;
  const rows = statistics.map((cost): Row => {
    const { network, usual, allDead, everyStep } = cost;
    return [
      network,
      `${percent(lostThroughput(cost))}${spread(usual)}`,
      ...[allDead, everyStep].map((one) => `${percent(one.ratio - 1)}${spread(one)}`),
    ];
  });
  return [
    '## What statistics cost',
    'In processor time. In brackets: what half of the comparisons are between.',
    table([
      [
        'network',
        'throughput lost at the usual cadence',
        'a step with nothing but dead units takes longer by',
        'a step with every probe takes longer by',
      ],
      ...rows,
    ]),
  ].join('\n\n');
}

const spread = ({ quartiles: [low, high] }: Comparison): string =>
  ` (${[low, high].map((ratio) => (100 * (ratio - 1)).toFixed(1)).join(' to ')})`;

function showFirst({ first }: Results): string | undefined {
  if (!first) return undefined;
  return [
    '## From Train to the first step',
    table([
      ['', 'until the first step is reported'],
      ['first example', time(first.auto)],
      ['first example, `--wide off`', time(first.off)],
    ]),
  ].join('\n\n');
}

function showTargets(results: Results): string | undefined {
  const rows = targets.flatMap((target): Row[] => {
    const value = target.read(results);
    if (value === undefined || !Number.isFinite(value)) return [];
    const limit = `${target.ceiling ? '≤' : '≥'} ${target.limit}`;
    return [[target.what, limit, String(Number(value.toPrecision(3))), isMet(target, value) ? 'yes' : 'no']];
  });
  if (rows.length === 0) return undefined;
  return ['## Targets', table([['', 'target', 'measured', 'met'], ...rows])].join('\n\n');
}
