/**
 * How long the analysis of large texts takes, valid and hostile ones (`test/hostile/texts.ts`), and that of a hundred layers with its findings, the slowest first: `node
 * test/bench/analysis.mjs [NAME]`. Each text is analysed in a fresh process, as the first that it sees, and again there.
 * Milliseconds are processor time (on Linux, of the thread that analyses, so that other processes count less). `ratio` compares with a
 * fixed loop of about 20 ms, so that machines can be compared. The faster of two processes counts.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'netloom-analysis-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const attempts = 2;

const bundle = path.join(folder, 'analysis.cjs');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['test/bench/analysis.ts'],
  outfile: bundle,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  mainFields: ['module', 'main'],
});

const run = (...args) =>
  JSON.parse(execFileSync(process.execPath, [bundle, ...args], { encoding: 'utf8', maxBuffer: 1e8 }));

const number = (value, width) => value.toFixed(0).padStart(width);
const least = (tries, what) => Math.min(...tries.map(what));

const chosen = run().filter((name) => name.includes(process.argv[2] ?? ''));
const results = chosen.map((name) => {
  const tries = Array.from({ length: attempts }, () => run(name));
  const { length, limit, message } = tries[0];
  return {
    ...{ name, length, limit, message },
    first: least(tries, ({ first }) => first.cpu),
    second: least(tries, ({ second }) => second.cpu),
    ratio: least(tries, ({ first, loop }) => first.cpu / loop),
  };
});
results.sort((a, b) => b.first - a.first);
console.log('first ms  second ms  ratio       kB  text');
for (const { name, length, first, second, ratio, message } of results)
  console.log(
    `${number(first, 8)} ${number(second, 10)} ${ratio.toFixed(1).padStart(6)} ${number(length / 1000, 8)}  ${name}: ${message.slice(0, 80)}`,
  );
const slow = results.filter(({ first, limit }) => first > limit).length;
console.log(`${results.length} texts, of which ${slow} take longer than the documented limit.`);
