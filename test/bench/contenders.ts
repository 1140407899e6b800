/** Who takes part, and how each is talked to: a process of its own for each network, which lives through all rounds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Hosts {
  /** Runs everything that is JavaScript. */
  readonly node: string;
  /** Has PyTorch; absent where none has. */
  readonly python: string | undefined;
}

export interface Contender {
  readonly name: string;
  readonly title: string;
  /** Does something near the task, so that its losses cannot agree. */
  readonly near?: true;
  command(task: string, hosts: Hosts): readonly [program: string, ...operands: string[]];
  readonly environment?: { readonly [name: string]: string };
}

/** As a run opens it: with vectors of 256 bits where they are faster, unless they are `off`. */
const ours = (name: string, title: string, threads: number, wide: 'auto' | 'off' = 'auto'): Contender => ({
  name,
  title,
  command: (task, { node }) => [node, 'dist/bench/ours.mjs', 'contend', task, String(threads), wide],
});

/** Freed memory stays with the process instead of going back to the system at every step. */
const patientAllocator = {
  MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TOP_PAD_: String(2 ** 26),
};

const torch = (threads: number, setting: 'default' | 'tuned'): Contender => ({
  name: setting === 'tuned' ? `torch-${threads}-tuned` : `torch-${threads}`,
  title: `PyTorch${setting === 'tuned' ? ' tuned' : ''}, ${threads} thread${threads > 1 ? 's' : ''}`,
  command: (task, { python }) => [
    python as string,
    'test/bench/peers/torch_bench.py',
    task,
    String(threads),
    setting,
  ],
  environment: {
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
    ...(setting === 'tuned' ? patientAllocator : {}),
  },
});

const script = (name: string, title: string, file: string, ...operands: string[]): Contender => ({
  name,
  title,
  command: (task, { node }) => [node, file, task, ...operands],
});

/** The first is what the others are compared with. */
export const contenders: readonly Contender[] = [
  ours('ours', 'Netloom, 1 thread', 1),
  ours('ours-2', 'Netloom, 2 threads', 2),
  ours('ours-128', 'Netloom, 1 thread, 128-bit vectors', 1, 'off'),
  ours('ours-reference', 'Netloom, reference kernels', 0),
  torch(1, 'default'),
  torch(1, 'tuned'),
  torch(2, 'default'),
  torch(2, 'tuned'),
  script('tfjs-wasm', 'TensorFlow.js wasm', 'dist/bench/tfjs.mjs', 'wasm'),
  script('tfjs-cpu', 'TensorFlow.js cpu', 'dist/bench/tfjs.mjs', 'cpu'),
  script('jax', 'jax-js wasm', 'test/bench/peers/jax.mjs'),
  script('convnetjs', 'ConvNetJS', 'test/bench/peers/convnetjs.mjs'),
  { ...script('brain', 'brain.js', 'test/bench/peers/brain.mjs'), near: true },
];

export interface Answer {
  readonly milliseconds: number;
  /** Before the last step's update. */
  readonly loss: number;
  /** Most that the process has held so far, MB. */
  readonly memory: number;
}

/** A contender cannot do it, or not in time. */
export class Refusal extends Error {}

export class Process {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  constructor(contender: Contender, task: string, hosts: Hosts) {
    const [program, ...operands] = contender.command(task, hosts);
    this.#child = spawn(program, operands, { env: { ...process.env, ...contender.environment } });
    // A process that is gone says so by ending its output.
    this.#child.on('error', () => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.on('data', (text) => {
      this.#errors += text;
    });
    this.#answers = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  /** Runs that many steps. Throws Refusal if the process fails or takes longer than `limit` milliseconds. */
  async run(steps: number, limit: number): Promise<Answer> {
    this.#child.stdin?.write(`${steps}\n`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, limit, 'late');
    });
    const next = await Promise.race([this.#answers.next(), late]);
    clearTimeout(timer);
    if (next === 'late') {
      this.end();
      throw new Refusal(`a step takes more than ${Math.round(limit / 1000)} s`);
    }
    if (next.done)
      throw new Refusal(/^\w*Error: (.*?)\.?$/m.exec(this.#errors)?.[1] ?? 'ended without a word');
    return JSON.parse(next.value);
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
