/**
 * `npm run fuzz`: runs the fuzzers of `npm test` for longer. `npm run fuzz -- 100` runs a hundred times as many cases as the
 * tests do, with a new seed, which it prints; `npm run fuzz -- 1 SEED` repeats a seed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, requireNode, root } from '../extension/scripts/ensure.mjs';
import { run } from '../extension/scripts/processes.mjs';

requireNode();
const [factor = '50', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
if (![factor, seed].every((text) => /^\d{1,10}$/.test(text))) {
  console.error('fuzz: expected at most two whole numbers, how many times as many cases, and a seed.');
  process.exit(1);
}
await ensureDependencies();
console.log(`Seed ${seed}, ${factor} times as many cases as in npm test.`);
/** All tests whose number of cases can be chosen. */
const files = readdirSync(path.join(root, 'test'), { recursive: true }).flatMap((name) => {
  if (!/\.test\.tsx?$/.test(name)) return [];
  const file = path.join('test', name);
  return /hostile\/effort\.ts|NETLOOM_FUZZ_FACTOR/.test(readFileSync(path.join(root, file), 'utf8'))
    ? [file]
    : [];
});
process.exit(
  await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=0', ...files], {
    cwd: root,
    env: { ...process.env, NETLOOM_FUZZ_FACTOR: factor, NETLOOM_FUZZ_SEED: seed },
  }),
);
