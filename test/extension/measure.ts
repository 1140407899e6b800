/**
 * What training costs the extension host of a real VS Code: `node test/harness/host.mjs test/extension/measure.ts` prints it.
 * Not a test: it times, and times depend on the machine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { api, eventually, extension, openGraph, tiny, writeNetwork } from './support.ts';

const print = (text: string) => console.log(`  ${text}`);

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function summary(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const [median, most] = [at(sorted, 0.5), sorted[sorted.length - 1]];
  return `median ${median.toFixed(1)} ms, 99 % ${at(sorted, 0.99).toFixed(1)} ms, most ${most.toFixed(1)} ms (${times.length} times)`;
}

/** How late a timer of one millisecond is, for ten seconds. */
async function loopDelay(): Promise<string> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  await delay(10_000);
  histogram.disable();
  const milliseconds = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1);
  return `median ${milliseconds(histogram.percentile(50))} ms, 99 % ${milliseconds(histogram.percentile(99))} ms, most ${milliseconds(histogram.max)} ms`;
}

/** Process numbers of the engines that run. Linux only. */
const engines = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(
          vscode.Uri.joinPath(extension().extensionUri, 'dist', 'engine.cjs').fsPath,
        );
      } catch {
        return false;
      }
    })
    .map(Number);

async function startTraining(uri: vscode.Uri) {
  const { runs } = await api();
  await vscode.commands.executeCommand('netloom.train', uri);
  const run = runs.get(uri);
  if (!run) throw new Error('no run was started');
  await eventually('a step', () => run.record.last('step'));
  return run;
}

export async function run(): Promise<void> {
  // Steps of microseconds, and an epoch every few of them: as many events as there can be.
  const text = tiny(1_000_000_000).replace('"samples": 200, "testSamples": 50', '"samples": 20');
  const uri = await writeNetwork('measured', text);
  await openGraph(uri);
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
  print(`event loop of the host, idle:     ${await loopDelay()}`);
  const run = await startTraining(uri);
  print(`event loop of the host, training: ${await loopDelay()}`);
  await run.stop();
  await run.gone;

  const stops: number[] = [];
  const gone: number[] = [];
  for (let i = 0; i < 30; i++) {
    const stopped = await startTraining(uri);
    await delay(200 * Math.random());
    const asked = performance.now();
    await stopped.stop();
    stops.push(performance.now() - asked);
    await stopped.gone;
    gone.push(performance.now() - asked);
  }
  print(`from "stop" to its answer:        ${summary(stops)}`);
  print(`from "stop" to a process gone:    ${summary(gone)}`);

  const noticed: number[] = [];
  for (let i = 0; i < 30; i++) {
    const killed = await startTraining(uri);
    const began = performance.now();
    for (const pid of engines()) process.kill(pid, 'SIGKILL');
    const end = await killed.ended;
    if (end.code !== 'engine/killed') throw new Error(`ended as ${end.code}: ${end.message}`);
    noticed.push(performance.now() - began);
  }
  print(`from a kill to "crashed":         ${summary(noticed)}`);
  print(`engines left: ${engines().length}`);
}
