/**
 * Which room (folder) of the engine, the graph editor and the extension may import which, lowest first. `imports.test.ts` checks every file, and the code
 * map in docs/architecture.md is generated from it.
 */
import type { Room } from './room.ts';
import { roomsOfExtension } from './roomsOfExtension.ts';
import { roomsOfViews } from './roomsOfViews.ts';

export const rooms: readonly Room[] = [
  {
    path: 'engine/schema',
    holds:
      'The language in which kinds are declared. `attributes.ts` and `kind.ts`: one value is the source of type, parser, JSON schema, form and documentation. `reader.ts`: readers of messages, from which the types of messages derive. `text.ts`: shapes and amounts as people read them. `problem.ts`: the one error value, with its codes in `problemCodes.ts`. It knows nothing of networks',
    imports: [],
  },
  {
    path: 'engine/kernels',
    holds:
      'The arithmetic that layers call. One interface, two backends: `reference/` (plain TypeScript, float32 or float64) and `wasm/` (AssemblyScript, SIMD, threads)',
    imports: ['engine/schema'],
  },
  {
    path: 'engine/initializers',
    holds: 'How parameters start: one file for each kind, one line in `registry.ts`',
    imports: ['engine/schema', 'engine/kernels'],
  },
  {
    path: 'engine/layers',
    holds:
      '**The one place** where a layer is defined: `define.ts` is the contract, `dense.ts` the model, `registry.ts` has one line for each layer. `frameworks/` has the vocabulary in which layers declare their counterparts in PyTorch, Keras and ONNX',
    imports: ['engine/schema', 'engine/kernels', 'engine/initializers'],
  },
  {
    path: 'engine/losses',
    holds: 'Losses, each defined like a layer',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers'],
  },
  {
    path: 'engine/metrics',
    holds: 'Metrics, each defined like a layer',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers', 'engine/losses'],
  },
  {
    path: 'engine/optimizers',
    holds: 'Optimizers, each defined like a layer',
    imports: ['engine/schema', 'engine/kernels'],
  },
  {
    path: 'engine/schedules',
    holds: 'Learning-rate schedules, each defined like a layer',
    imports: ['engine/schema'],
  },
  {
    path: 'engine/data',
    holds: 'Datasets, each defined like a layer, and the file readers that they share',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers', 'engine/losses'],
  },
  {
    path: 'engine/spec',
    holds:
      'Text ↔ NetworkSpec. `parse.ts` never throws; `edit.ts` turns a gesture into the smallest change of the text; `grammar.ts` derives from the attribute tables what is allowed where',
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
      '`analyze.ts` and its steps: `build` (order, cycles), `infer` (shapes), `connect` (whether two layers can be connected) and `summary`; `scopes` and `expand` turn blocks into the layers that run, `inside` shows a block as a network, `regrouping` finds layers that became a block; `fixes/` has the fixes of problems, by code',
    imports: [
      'engine/schema',
      'engine/layers',
      'engine/losses',
      'engine/metrics',
      'engine/optimizers',
      'engine/data',
      'engine/spec',
    ],
  },
  {
    path: 'engine/templates',
    holds: 'Networks to start from, one file each. The editor and the command line read the same list',
    imports: ['engine/schema'],
  },
  {
    path: 'engine/plan',
    holds:
      '`compile.ts` (the whole, from `parameterLayout.ts`, `layerLayout.ts` and `placement.ts`), `steps.ts` (their order), `sharing.ts` (which buffers share memory), `memory.ts` (places in one arena, shared by lifetime), `runtime.ts` (runs them)',
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
      'Statistics, each defined like a layer: `define.ts` is the contract, and the file of a statistic has its source, texts and limits. A statistic of one kind of layer is in the file of that layer. `probes.ts` measures, `format.ts` and `scores.ts` make short texts, `health.ts` determines the state of a layer',
    imports: ['engine/schema', 'engine/kernels', 'engine/layers', 'engine/metrics', 'engine/plan'],
  },
  {
    path: 'engine/diagnose',
    holds:
      'Findings: what is wrong, and how to fix it. `define.ts` is the contract of a finding, one file for each rule under `rules/`, one line in `registry.ts`; `look.ts` is the input of rules, `diagnosis.ts` follows a training, `fixes.ts` builds edits',
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
      'engine/stats',
    ],
  },
  {
    path: 'engine/protocol',
    holds:
      "Messages: `events.ts` (what a run reports: one file and one line for each kind) and `eventText.ts` (the same as lines of JSON); `commands.ts` (the extension's commands); `channel.ts` for both links. `editor.ts` (host ↔ webview) and `training.ts` (host ↔ engine) are tables of readers, with which `messages.ts` checks messages",
    imports: ['engine/schema', 'engine/spec', 'engine/stats'],
  },
  {
    path: 'engine/replay',
    holds:
      'A run that can be replayed: `recording.ts` returns what was known at each reading, `readings.ts` keeps readings in bounded memory, and `renamedEvents.ts` gives events the names that layers have now',
    imports: ['engine/schema', 'engine/spec', 'engine/protocol'],
  },
  {
    path: 'engine/export',
    holds: 'Parameters in a format that other tools read: safetensors',
    imports: ['engine/schema', 'engine/kernels'],
  },
  {
    path: 'engine/version.ts',
    holds: 'The version that a run records',
    imports: [],
  },
  {
    path: 'engine/runs',
    holds:
      'A run on disk. `layout.ts` defines the paths, `writer.ts` writes a current run, `reader.ts` finds runs and reads them; they use `folder.ts` (no links, whole files), `lock.ts`, `log.ts` (bounded), and `fs.ts`, the only access to the file system. `replayPage.ts` writes a run as a page',
    imports: ['engine/schema', 'engine/protocol', 'engine/replay', 'engine/version.ts'],
  },
  {
    path: 'engine/train',
    holds:
      '`open.ts` (from text to a training), `job.ts` (a run from text to events and files), `loop.ts` (sets the pace of a training and reports it), `training.ts` (a training step by step), `trainer.ts` (the arithmetic of a step)',
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
      'engine/diagnose',
      'engine/export',
      'engine/runs',
    ],
  },
  {
    path: 'engine/preflight',
    holds:
      'Checks that a network must pass before a long training: one file for each check and one line in `registry.ts`. `subject.ts` starts the short trainings that they need',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/data',
      'engine/spec',
      'engine/plan',
      'engine/diagnose',
      'engine/protocol',
      'engine/train',
    ],
  },
  {
    path: 'engine/trials',
    holds:
      'Fixes on trial: `course.ts` trains a network for some steps, `compare.ts` judges two such courses, `trial.ts` tries one fix, `repair.ts` tries one fix after another, `holdsBack.ts` finds what holds a network back by trying the usual choices in `alternatives/`, one file for each and one line in `registry.ts`, `remedies.ts` has those that a repair falls back on, and `verdict.ts` puts the result into words',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/layers',
      'engine/losses',
      'engine/metrics',
      'engine/optimizers',
      'engine/data',
      'engine/spec',
      'engine/graph',
      'engine/stats',
      'engine/diagnose',
      'engine/protocol',
      'engine/train',
    ],
  },
  {
    path: 'engine/conformance',
    holds: 'Compares the engine with independent reference numbers (`netloom vectors`)',
    imports: [
      'engine/schema',
      'engine/graph',
      'engine/kernels',
      'engine/initializers',
      'engine/layers',
      'engine/losses',
      'engine/optimizers',
      'engine/schedules',
      'engine/data',
      'engine/plan',
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
      'engine/stats',
      'engine/diagnose',
      'engine/preflight',
    ],
  },
  {
    path: 'engine/language',
    holds:
      'What the text editor shows of a network, without VS Code: `networkText.ts` reads a text in any state; completion, explanations, names, hints, links, folding, formatting and outline follow from it and from the grammar',
    imports: [
      'engine/schema',
      'engine/layers',
      'engine/data',
      'engine/spec',
      'engine/graph',
      'engine/reference',
    ],
  },
  {
    path: 'engine/api.ts',
    holds: 'The engine as functions of plain data: `check`, `edit`, `train`, `evaluate`, `explain`',
    imports: [
      'engine/spec',

      'engine/protocol',
      'engine/reference',
      'engine/train',
      'engine/preflight',
      'engine/trials',
      'engine/diagnose',
    ],
  },
  {
    path: 'engine/process',
    holds:
      'The engine as a process (`main.ts`), whose main thread supervises (`supervisor.ts`) and whose worker thread runs the job (`startWorker.ts` loads `worker.ts`)',
    imports: ['engine/kernels', 'engine/protocol', 'engine/runs', 'engine/train', 'engine/api.ts'],
  },
  {
    path: 'engine/cli',
    holds: 'Commands of the command line; `terminal.ts` writes all output',
    imports: [
      'engine/schema',
      'engine/spec',
      'engine/stats',
      'engine/protocol',
      'engine/runs',
      'engine/templates',
      'engine/diagnose',
      'engine/preflight',
      'engine/conformance',
      'engine/api.ts',
      'engine/process',
    ],
  },
  {
    path: 'engine/cli.ts',
    holds: 'The engine as a command',
    imports: [
      'engine/schema',
      'engine/kernels',
      'engine/protocol',
      'engine/stats',
      'engine/api.ts',
      'engine/cli',
    ],
  },
  {
    path: 'engine/whole.ts',
    holds: 'The bundle that the command line and the thread of the engine load',
    imports: ['engine/process', 'engine/cli.ts'],
  },
  ...roomsOfViews,
  ...roomsOfExtension,
];

/** The table as Markdown, for docs/architecture.md. Rooms in the same top folder are named without this folder. */
export function codeMap(): string {
  const shortIn = (room: string, other: string): string => {
    const house = room.slice(0, room.indexOf('/') + 1);
    return `\`${other.startsWith(house) ? other.slice(house.length) : other}\``;
  };
  const lines = rooms.map(
    ({ path, holds, imports }) =>
      `| \`${path}${/\.\w+$/.test(path) ? '' : '/'}\` | ${holds} | ${imports.map((other) => shortIn(path, other)).join(', ')} |`,
  );
  return ['| room | what it holds | imports |', '|---|---|---|', ...lines].join('\n');
}
