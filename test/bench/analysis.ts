/** One process of `analysis.mjs`. Without an argument, it prints the names of all texts; with a name, how long that text takes. */
import { analyze } from '../../engine/graph/analyze.ts';
import { largeTexts } from '../hostile/texts.ts';
import { timesOfThread } from '../processorTime.ts';

interface Time {
  readonly clock: number;
  readonly cpu: number;
}

function timed(work: () => void): Time {
  const { computed } = timesOfThread();
  const start = performance.now();
  work();
  return { clock: performance.now() - start, cpu: timesOfThread().computed - computed };
}

/** About 20 ms of arithmetic that no compiler can remove. */
function calibrate(): number {
  let state = 1;
  for (let i = 0; i < 20_000_000; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

const name = process.argv[2];
if (name === undefined) console.log(JSON.stringify(Object.keys(largeTexts)));
else {
  const text = largeTexts[name]();
  // The text of an editor is one flat string. A concatenated one would be flattened within the measurement.
  Buffer.from(text.slice(-1));
  text.charCodeAt(text.length - 1);
  let message = '';
  const first = timed(() => {
    message = analyze(text).diagnostics.at(0)?.message ?? '';
  });
  const second = timed(() => analyze(`${text} `));
  calibrate();
  const loop = timed(calibrate).cpu;
  console.log(JSON.stringify({ length: text.length, first, second, loop, message }));
}
