/**
 * The suites of `npm test` in their order. Each gets an output and returns its counts. Suites of different lanes run at the same
 * time, those without a lane before them. Uses Node's own modules only, because it is loaded before npm runs.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, getPriority, setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../extension/scripts/ensure.mjs';
import { startGroup } from '../../extension/scripts/processes.mjs';
import { countsIn } from './runMocha.mjs';
import { survivors } from './survivors.mjs';

const results = path.join(root, 'test-results');
const minute = 60_000;

const passed = { passed: 1, failed: 0, skipped: 0 };
const failed = { passed: 0, failed: 1, skipped: 0 };

/**
 * Runs a script on our Node within a time limit, passing its output on. Fails when it leaves a process behind.
 * Returns whether it ended well and what it printed.
 */
async function runScript(out, script, { args = [], limit, priority = 0 }) {
  const temporary = mkdtempSync(path.join(tmpdir(), 'netloom-test-'));
  const env = { ...process.env, NETLOOM_SUITE: temporary, NETLOOM_TEST_RESULTS: results, TMPDIR: temporary };
  if (!process.stdout.isTTY) env.NO_COLOR = '1';
  const group = startGroup(process.execPath, [path.join(root, script), ...args], { cwd: root, env });
  setPriority(group.child.pid, Math.max(priority, getPriority()));
  let output = '';
  for (const [stream, sink] of [
    [group.child.stdout, process.stdout],
    [group.child.stderr, process.stderr],
  ]) {
    stream.on('data', (chunk) => {
      out.write(chunk, sink);
      output += chunk;
    });
  }
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve('late'), limit);
  });
  const code = await Promise.race([group.exited, late]);
  clearTimeout(timer);
  if (code === 'late') out.write(`${script} did not end within ${limit / minute} minutes.\n`);
  await group.stop();
  // Of our environment, an engine gets only the folder for temporary files.
  const left = await survivors([`NETLOOM_SUITE=${temporary}\0`, `TMPDIR=${temporary}`]);
  for (const { pid, command } of left) out.write(`${script} left process ${pid} behind: ${command}\n`);
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  return { ok: code === 0 && left.length === 0, output };
}

const asOne = ({ ok }) => (ok ? passed : failed);

/** The counts in vitest's JSON report. A file that could not be loaded counts as one failure. */
function countsOfReport(file, ok) {
  if (!existsSync(file)) return failed;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  );
  const failures = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: ok ? failures : Math.max(1, failures),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function unit(out) {
  const report = path.join(results, 'unit.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { ok } = await runScript(out, 'node_modules/vitest/vitest.mjs', {
    args: ['run', ...reporters],
    limit: 30 * minute,
    // What waits for a window comes first, and unit tests use what it leaves of the cores.
    priority: constants.priority.PRIORITY_BELOW_NORMAL,
  });
  return countsOfReport(report, ok);
}

/** A script that printed no summary counts as one failure. */
function countsOfMocha({ ok, output }) {
  const counts = countsIn(output);
  const empty = counts.passed + counts.failed === 0;
  return ok && !empty ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

async function vsix(out) {
  const { checkVsix } = await import('./vsix.mjs');
  return checkVsix((line) => out.write(`${line}\n`));
}

const mochaScript = (script, limit) => async (out) => {
  mkdirSync(results, { recursive: true });
  return countsOfMocha(await runScript(out, script, { limit }));
};

export const suites = {
  types: {
    title: 'Types',
    run: async (out) =>
      asOne(
        await runScript(out, 'node_modules/typescript/bin/tsc', { args: ['--build'], limit: 3 * minute }),
      ),
  },
  lint: {
    title: 'Format and lint',
    run: async (out) => {
      const script = 'node_modules/@biomejs/biome/bin/biome';
      return asOne(await runScript(out, script, { args: ['ci', '--colors=off', '.'], limit: 3 * minute }));
    },
  },
  vsix: { title: 'What the VSIX holds', needsVsix: true, run: vsix },
  unit: { title: 'Engine, spec and webview in plain Node', lane: 'node', needsBrowser: true, run: unit },
  host: {
    title: 'Inside the extension host of a real VS Code',
    lane: 'vscode',
    needsVsix: true,
    needsBrowser: true,
    run: mochaScript('test/harness/host.mjs', 30 * minute),
  },
  e2e: {
    title: 'The installed VSIX, end to end in a browser',
    lane: 'vscode',
    needsVsix: true,
    needsBrowser: true,
    run: mochaScript('test/harness/e2e.mjs', 30 * minute),
  },
};
