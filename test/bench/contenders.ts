/** The contenders, and the link to each: a separate process for each network, which runs through all rounds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from './torch.ts';

export interface Hosts {
  /** The Node that runs everything that is JavaScript. */
  readonly node: string;
  /** The Python that has PyTorch; absent if none has. */
  readonly python: string | undefined;
  /** Variables with which the BLAS of PyTorch is fastest. */
  readonly environment: Environment;
}

export interface Contender {
  readonly name: string;
  readonly title: string;
  /** It computes something similar to the task, so its losses cannot agree. */
  readonly near?: true;
  command(task: string, hosts: Hosts): readonly [program: string, ...operands: string[]];
  readonly environment?: Environment;
}

/** Netloom as a run opens it: with vectors of 256 bits if they are faster, unless `wide` is `off`. */
const ours = (name: string, title: string, threads: number, wide: 'auto' | 'off' = 'auto'): Contender => ({
  name,
  title,
  command: (task, { node }) => [node, 'dist/bench/ours.mjs', 'contend', task, String(threads), wide],
});

/** With these settings, freed memory stays with the process instead of going back to the system at every step. */
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

/** All contenders. The others are compared with the first. */
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
  /** The loss before the update of the last step. */
  readonly loss: number;
  /** The most memory that the process has had so far, in MB. */
  readonly memory: number;
}

/** A contender cannot train the network, or not in time. */
export class Refusal extends Error {}

export class Process {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  constructor(contender: Contender, task: string, hosts: Hosts) {
    const [program, ...operands] = contender.command(task, hosts);
    this.#child = spawn(program, operands, {
      env: { ...process.env, ...hosts.environment, ...contender.environment },
    });
    // A process that has ended is noticed by the end of its output.
    this.#child.on('error', () => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.on('data', (text) => {
      this.#errors += text;
    });
    this.#answers = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  /** Runs this many steps. Throws Refusal if the process fails or takes longer than `limit` milliseconds. */
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
