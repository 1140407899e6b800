/**
 * What training costs the extension host of a real VS Code: `node test/harness/host.mjs test/extension/measure.ts` prints it.
 * Not a test: it times, and times depend on the machine.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { watchLoop } from './loopDelay.ts';
import { api, eventually, extension, openGraph, tiny, writeNetwork } from './support.ts';

const print = (text: string) => console.log(`  ${text}`);

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

function summary(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const [median, most] = [at(sorted, 0.5), sorted[sorted.length - 1]];
  return `median ${median.toFixed(1)} ms, 99 % ${at(sorted, 0.99).toFixed(1)} ms, most ${most.toFixed(1)} ms (${times.length} times)`;
}

/** Measures the turns of the loop for ten seconds: how late each was, and how long the host itself computed in it. */
async function loopDelay(what: string, meanwhile: () => Promise<void> = () => delay(10_000)): Promise<void> {
  const end = watchLoop();
  await meanwhile();
  const turns = end();
  print(`${what}, late:     ${summary(turns.map(({ late }) => late))}`);
  print(`${what}, computed: ${summary(turns.map(({ computed }) => computed))}`);
  for (const { late, computed, waited, collected } of turns.sort((a, b) => b.late - a.late).slice(0, 3))
    print(
      `    ${late.toFixed(1)} ms late: computed ${computed.toFixed(1)} ms (garbage collection ${collected.toFixed(1)}), waited for a core ${waited.toFixed(1)} ms`,
    );
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
  // Steps take microseconds, and an epoch has a few of them: this gives the most events.
  const text = tiny(1_000_000_000).replace('"samples": 200, "testSamples": 50', '"samples": 20');
  const uri = await writeNetwork('measured', text);
  await openGraph(uri);
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
  await loopDelay('idle');
  const run = await startTraining(uri);
  await loopDelay('training');
  await run.stop();
  await run.gone;
  await loopDelay('starting and stopping', async () => {
    for (let i = 0; i < 10; i++) {
      const started = await startTraining(uri);
      await delay(300);
      await started.stop();
      await started.gone;
    }
  });

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
