/** Trains random sound networks and lists what is found in them. Every warning in a network that learns is a false alarm, unless it is true. */
import type { Finding } from '../../../engine/diagnose/define.ts';
import { shareOf } from '../../../engine/diagnose/look.ts';
import { loadBackend } from '../../../engine/kernels/wasm/load.ts';
import { TrainingFailure, train } from '../../../engine/train/loop.ts';
import { openTraining } from '../../../engine/train/open.ts';
import { randomNetwork } from './network.ts';

export interface RandomResult {
  networks: number;
  /** Networks that end with at most half of the loss of guessing; those of them with a warning or an error. */
  learning: number;
  warned: number;
  /** Networks that learn less, and those of them without any finding. */
  failing: number;
  silent: number;
}

export async function measureRandom(
  count: number,
  first: number,
  report: (line: string) => void,
): Promise<RandomResult> {
  const result: RandomResult = { networks: 0, learning: 0, warned: 0, failing: 0, silent: 0 };
  for (let seed = first; seed < first + count; seed++) {
    const { name, sample } = randomNetwork(seed);
    const text = JSON.stringify({ format: 1, ...sample });
    const { found, left } = await trained(text);
    const warned = found.filter(({ severity }) => severity !== 'info');
    result.networks++;
    if (left <= 0.5) {
      result.learning++;
      if (warned.length > 0) result.warned++;
    } else {
      result.failing++;
      if (found.length === 0) result.silent++;
    }
    report(`${name}: ${(100 * left).toFixed(0)} % of the loss of guessing`);
    for (const { code, severity, step, message } of found)
      report(`  ${severity} ${code} @${step}: ${message}`);
    if (warned.length > 0) report(`  ${text}`);
  }
  return result;
}

async function trained(text: string): Promise<{ readonly found: readonly Finding[]; readonly left: number }> {
  const backend = loadBackend('dist/kernels');
  const found: Finding[] = [];
  let left = 1;
  try {
    const { training } = await openTraining(text, { folder: '.' }, backend);
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() })) {
      if (event.event === 'finding') found.push(event as Finding);
      if (event.event === 'epoch') left = shareOf(training.diagnosis.look, event.train.loss);
    }
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
    left = Number.POSITIVE_INFINITY;
  } finally {
    backend.dispose?.();
  }
  return { found, left };
}
