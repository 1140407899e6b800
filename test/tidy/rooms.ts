/**
 * Which room (folder) may import which, lowest first. `imports.test.ts` holds every file to this table, and the code
 * map in docs/architecture.md is generated from it.
 */

export interface Room {
  /** A folder, or a single file, relative to the repository. */
  readonly path: string;
  /** What is in it, in Markdown. */
  readonly holds: string;
  /** The rooms it imports from, be it only types. All of them stand above in the table, so there are no rings. */
  readonly imports: readonly string[];
}

export const rooms: readonly Room[] = [
  {
    path: 'engine/schema',
    holds:
      'The language in which kinds are declared. `attributes.ts` and `kind.ts`: one value is the source of type, parser, JSON schema, form and documentation. Knows nothing of networks',
    imports: [],
  },
  {
    path: 'engine/kernels',
    holds:
      'The arithmetic that layers call. One interface, two backends: `reference/` (plain TypeScript, float32 or float64) and `wasm/` (AssemblyScript, SIMD, threads)',
    imports: [],
  },
  {
    path: 'engine/initializers',
    holds: 'How parameters are drawn: one file a kind, one line in `registry.ts`',
    imports: ['engine/schema', 'engine/kernels'],
  },
  {
    path: 'engine/layers',
    holds:
      '**The one place** where a layer is defined: `define.ts` is the contract, `dense.ts` the model, `registry.ts` one line a layer',
    imports: ['engine/schema', 'engine/kernels', 'engine/initializers'],
  },
  {
    path: 'engine/losses',
    holds: 'Losses, each like a layer',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers'],
  },
  {
    path: 'engine/metrics',
    holds: 'Metrics, each like a layer',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers', 'engine/losses'],
  },
  {
    path: 'engine/optimizers',
    holds: 'Optimizers, each like a layer',
    imports: ['engine/schema', 'engine/kernels'],
  },
  {
    path: 'engine/schedules',
    holds: 'Learning-rate schedules, each like a layer',
    imports: ['engine/schema'],
  },
  {
    path: 'engine/data',
    holds: 'Datasets, each like a layer, and the readers of files that they share',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers', 'engine/losses'],
  },
  {
    path: 'engine/spec',
    holds:
      'Text ↔ NetworkSpec. `parse.ts` never throws; `edit.ts` turns a gesture into the smallest change of the text',
    imports: [
      'engine/schema',
      'engine/layers',
      'engine/losses',
      'engine/metrics',
      'engine/optimizers',
      'engine/schedules',
      'engine/data',
    ],
  },
  {
    path: 'engine/graph',
    holds:
      '`analyze.ts` and its steps: `build` (order, cycles), `infer` (shapes), `connect` (may these two be joined), `summary`',
    imports: ['engine/schema', 'engine/layers', 'engine/losses', 'engine/metrics', 'engine/spec'],
  },
  {
    path: 'engine/templates',
    holds: 'Networks to start from, one file each. The editor and the command line read the same list',
    imports: ['engine/schema'],
  },
  {
    path: 'engine/plan',
    holds:
      '`compile.ts` (buffers), `steps.ts` (their order), `sharing.ts` (who works in whose memory), `memory.ts` (places in one arena, shared by lifetime), `runtime.ts` (runs them)',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/initializers',
      'engine/layers',
      'engine/losses',
      'engine/spec',
      'engine/graph',
    ],
  },
  {
    path: 'engine/stats',
    holds:
      'Statistics, each like a layer: `define.ts` is the contract, one file a statistic says what it is read from, its words and its limits. `probes.ts` measures, `format.ts` and `scores.ts` make short text',
    imports: ['engine/kernels', 'engine/layers', 'engine/metrics', 'engine/plan'],
  },
  {
    path: 'engine/protocol',
    holds:
      'What is sent: `events.ts` (what a run reports) and `eventText.ts` (the same as lines of JSON), `channel.ts` for both links, `editor.ts` (host ↔ webview), `training.ts` (host ↔ engine)',
    imports: ['engine/schema', 'engine/spec', 'engine/stats'],
  },
  {
    path: 'engine/export',
    holds: '`layout.ts` is the one table of axis and gate orders of other frameworks; safetensors',
    imports: ['engine/kernels'],
  },
  {
    path: 'engine/version.ts',
    holds: 'The version that a run records',
    imports: [],
  },
  {
    path: 'engine/runs',
    holds:
      'A run on disk. `layout.ts` says where, `writer.ts` writes a run that goes on, `reader.ts` finds runs and reads them; below them `folder.ts` (no links, whole files), `lock.ts`, `log.ts` (bounded), and `fs.ts`, the one seam to the file system',
    imports: ['engine/schema', 'engine/protocol', 'engine/version.ts'],
  },
  {
    path: 'engine/train',
    holds: '`session.ts` (a job from text to events), `loop.ts` (epochs), `trainer.ts` (one step)',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/layers',
      'engine/losses',
      'engine/metrics',
      'engine/optimizers',
      'engine/schedules',
      'engine/data',
      'engine/spec',
      'engine/graph',
      'engine/protocol',
      'engine/plan',
      'engine/stats',
      'engine/export',
      'engine/runs',
    ],
  },
  {
    path: 'engine/conformance',
    holds: 'Runs independent reference numbers against the engine (`netloom vectors`)',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/initializers',
      'engine/layers',
      'engine/losses',
      'engine/optimizers',
      'engine/schedules',
      'engine/data',
      'engine/graph',
      'engine/plan',
      'engine/export',
      'engine/train',
    ],
  },
  {
    path: 'engine/reference',
    holds: 'The registries as Markdown: `docs/reference/` is its output',
    imports: [
      'engine/schema',
      'engine/initializers',
      'engine/layers',
      'engine/losses',
      'engine/metrics',
      'engine/optimizers',
      'engine/schedules',
      'engine/data',
      'engine/spec',
      'engine/graph',
    ],
  },
  {
    path: 'engine/process',
    holds:
      'The engine as a process (`main.ts`), whose main thread supervises (`supervisor.ts`) and whose worker thread runs the job (`worker.ts`)',
    imports: ['engine/kernels', 'engine/protocol', 'engine/runs', 'engine/train'],
  },
  {
    path: 'engine/cli',
    holds: 'Commands of the command line',
    imports: ['engine/protocol', 'engine/templates', 'engine/conformance', 'engine/process'],
  },
  {
    path: 'engine/cli.ts',
    holds: 'The engine as a command',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/spec',
      'engine/graph',
      'engine/protocol',
      'engine/stats',
      'engine/cli',
    ],
  },
];

/** The table as Markdown, for docs/architecture.md. */
export function codeMap(): string {
  const short = (path: string): string => `\`${path.replace(/^engine\//, '')}\``;
  const lines = rooms.map(
    ({ path, holds, imports }) =>
      `| \`${path}${/\.\w+$/.test(path) ? '' : '/'}\` | ${holds} | ${imports.map(short).join(', ')} |`,
  );
  return ['| room | what it holds | imports |', '|---|---|---|', ...lines].join('\n');
}
