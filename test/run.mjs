/**
 * `npm test`: installs what it needs, runs every suite, fast ones first and slow ones side by side, and ends with one line that sums
 * them up.
 * `node test/run.mjs unit host` runs only the suites named.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies, ensureVsix, requireNode, root } from '../extension/scripts/ensure.mjs';
import { askedToEnd } from '../extension/scripts/processes.mjs';
import { OrderedOutput } from './harness/orderedOutput.mjs';
import { suites } from './harness/suites.mjs';

function chosenSuites() {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !Object.hasOwn(suites, name));
  if (unknown.length > 0) {
    throw new Error(
      `No suite is called ${unknown.join(' or ')}. There are: ${Object.keys(suites).join(', ')}.`,
    );
  }
  return Object.entries(suites).filter(([name]) => names.length === 0 || names.includes(name));
}

async function runSuite([name, { title, needsVsix, run }], out) {
  out.write(`\n━━ ${title} ${'━'.repeat(Math.max(0, 74 - title.length))}\n\n`);
  const started = Date.now();
  let counts;
  try {
    if (needsVsix) await ensureVsix();
    counts = await run(out);
  } catch (error) {
    out.write(`${error.message}\n`);
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  const { passed, failed, skipped } = counts;
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  out.write(
    `\n${failed > 0 ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s\n`,
  );
  out.end();
  return counts;
}

async function inTurn(suites, output) {
  const counts = [];
  for (const [suite, out] of suites.map((suite) => [suite, output.next()]))
    counts.push(await runSuite(suite, out));
  return counts;
}

async function runAll(chosen) {
  const output = new OrderedOutput();
  // Compiling the kernels takes longest of what comes before the lanes, so it begins at once. If it fails, the suites say so.
  const built = chosen.some(([, { needsVsix }]) => needsVsix) ? ensureVsix().catch(() => {}) : undefined;
  const laneOf = ([, { lane }]) => lane;
  const counts = await inTurn(
    chosen.filter((suite) => !laneOf(suite)),
    output,
  );
  // Every lane reads what is built.
  await built;
  const lanes = [...new Set(chosen.map(laneOf))].filter((lane) => lane);
  const together = lanes.map((lane) =>
    inTurn(
      chosen.filter((suite) => laneOf(suite) === lane),
      output,
    ),
  );
  return [counts, ...(await Promise.all(together))].flat();
}

async function main() {
  requireNode();
  const chosen = chosenSuites();
  askedToEnd(() => process.exit(1)).then(() => process.exit(130));
  await ensureDependencies();
  if (chosen.some(([, { needsBrowser }]) => needsBrowser)) {
    const { requireBrowser } = await import('./harness/browser.mjs');
    await requireBrowser();
  }
  if (chosen.length === Object.keys(suites).length) {
    rmSync(path.join(root, 'test-results'), { recursive: true, force: true });
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of await runAll(chosen)) for (const key of Object.keys(total)) total[key] += counts[key];
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
