/** The time from Train to the first step of the first example, as the command line runs it: process, thread, module and plan. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { median } from './time.ts';

export interface FirstStep {
  /** Milliseconds until the first step is reported, with and without vectors of 256 bits. */
  readonly auto: number;
  readonly off: number;
}

export async function measureFirstStep(rounds: number): Promise<FirstStep> {
  const times = { auto: [] as number[], off: [] as number[] };
  for (let round = 0; round < rounds; round++)
    for (const wide of ['auto', 'off'] as const) times[wide].push(await untilFirstStep(wide));
  return { auto: median(times.auto), off: median(times.off) };
}

async function untilFirstStep(wide: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'netloom-bench-'));
  const operands = [
    'dist/cli.cjs',
    'train',
    resolve('examples/first-network.nn.json'),
    '--json',
    '--out',
    folder,
  ];
  const began = performance.now();
  const child = spawn(process.execPath, [...operands, '--wide', wide], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((finish) => child.on('exit', finish));
  try {
    for await (const line of createInterface({ input: child.stdout }))
      if (JSON.parse(line).event === 'step') return performance.now() - began;
    throw new Error('bench: the first example ended before its first step');
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
