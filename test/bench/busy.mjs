/**
 * What two threads cost on a busy machine: `node test/bench/busy.mjs [COMPETITORS] [SECONDS]`. Beside that many processes that compute
 * without end, three processes train the same network in turns of a quarter of a second, two on one thread and one on two. Each gets the
 * ratio of its time per step to that of the first one, over all turns. The ratio of the second one shows how much chance there is.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { buildKernels } from '../../extension/scripts/kernels.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [competitors = 1, seconds = 30] = process.argv.slice(2).map(Number);
const networks = ['mlp', 'cnn', 'gru', 'lstm'];

mkdirSync(`${root}/dist/bench`, { recursive: true });
await buildKernels();
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/bench/busy.ts'],
  outfile: 'dist/bench/busy.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
});

/** A process that trains a network for a turn whenever it is asked to, and answers with milliseconds per step. */
function open(network, threads) {
  const child = spawn(process.execPath, ['dist/bench/busy.mjs', network, String(threads)], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    times: [],
    async turn() {
      child.stdin.write('\n');
      return Number((await answers.next()).value);
    },
    end: () => child.kill(),
  };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const others = Array.from({ length: competitors }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);
process.on('exit', () => {
  for (const other of others) other.kill('SIGKILL');
});
for (const network of networks) {
  const contenders = [open(network, 1), open(network, 1), open(network, 2)];
  for (const { turn } of contenders) for (let warm = 0; warm < 4; warm++) await turn();
  const end = Date.now() + 1000 * seconds;
  // The order is reversed in every other round.
  for (let round = 0; Date.now() < end; round++)
    for (const one of round % 2 ? [...contenders].reverse() : contenders) one.times.push(await one.turn());
  for (const { end } of contenders) end();
  const [first, again, two] = contenders.map(({ times }) => mean(times));
  console.log(
    `${network.padEnd(5)} one thread again ${(again / first).toFixed(2)}, two threads ${(two / first).toFixed(2)}`,
  );
}
process.exit();
