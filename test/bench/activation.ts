/** Activates the extension in the extension host and prints what it took, as described in `activation.mjs`. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type * as entry from '../../extension/extension.ts';
import { eventually, extension } from '../extension/support.ts';

/** The code is cached five seconds after the activation (`extension/extension.ts`). */
const untilCached = 8000;

interface Used {
  readonly user: number;
  readonly system: number;
}

/** Of this thread where Node measures it without the others, which compile and collect garbage, otherwise of the process. */
const usage: (before?: Used) => Used =
  (process as unknown as { threadCpuUsage?: typeof process.cpuUsage }).threadCpuUsage ?? process.cpuUsage;

/** Returns the processor time of `activate`, in milliseconds, once VS Code has called it on the module that Node then has loaded. */
function watchActivate(): () => number {
  const { extensionPath, packageJSON } = extension();
  const file = path.join(extensionPath, packageJSON.main);
  const load = createRequire(file);
  const { activate, deactivate }: typeof entry = load(file);
  let used = Number.NaN;
  load.cache[file]!.exports = {
    activate: async (context: vscode.ExtensionContext) => {
      const before = usage();
      const api = await activate(context);
      const { user, system } = usage(before);
      used = (user + system) / 1000;
      return api;
    },
    deactivate,
  };
  return () => used;
}

/** Our line of the table "Extension Activation Stats" in "Developer: Startup Performance". */
function reported(): number[] | undefined {
  const page = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'perf');
  const line = page
    ?.getText()
    .split('\n')
    .find((line) => line.startsWith('| netloom.netloom '));
  return line?.split('|').slice(3, 6).map(Number);
}

export async function run(): Promise<void> {
  const used = watchActivate();
  await extension().activate();
  await vscode.commands.executeCommand('perfview.show');
  const [load, call, finish] = await eventually('the times of the activation', reported);
  console.log(`activation ${JSON.stringify({ load, call, finish, work: used() })}`);
  await delay(untilCached);
}
