/** Shared by several suites: networks in the workspace, and waiting for a condition. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { NetloomApi } from '../../extension/main.ts';

export const viewType = 'netloom.graph';

export function extension(): vscode.Extension<NetloomApi> {
  const found = vscode.extensions.getExtension<NetloomApi>('netloom.netloom');
  assert(found, 'the extension is not there');
  return found;
}

export const api = async (): Promise<NetloomApi> => extension().activate();

function folder(): vscode.Uri {
  const found = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert(found, 'the tests need a folder');
  return found;
}

export const fileUri = (name: string): vscode.Uri => vscode.Uri.joinPath(folder(), name);

/** Writes a network into the workspace. Each test has its own file. */
export async function writeNetwork(name: string, text: string): Promise<vscode.Uri> {
  const uri = fileUri(`${name}.nn.json`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

export async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

export const openGraph = (uri: vscode.Uri): Thenable<unknown> =>
  vscode.commands.executeCommand('vscode.openWith', uri, viewType);

/** Waits until `probe` returns a value, and returns it. The limit is that of a machine that is many times slower than usual. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  limit = 120_000,
): Promise<T> {
  const deadline = performance.now() + limit;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline)
      throw new Error(`${what}: not within ${limit} ms. In front is ${activeTabUri() ?? 'no editor'}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function activeTabUri(): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText
    ? input.uri.toString()
    : undefined;
}

/** Closes all editors without a question. Unsaved text is discarded. */
export async function closeEverything(): Promise<void> {
  while (vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0))
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

/** A network with a few weights on two hundred generated points, which trains in a moment. */
export const tiny = (epochs: number): string => `{
  // Two spirals.
  "format": 1,
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 }, // the only one with much to do
    "bend": { "type": "tanh", "from": "hidden" },
    "logits": { "type": "dense", "from": "bend", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "samples": 200, "testSamples": 50 },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "batchSize": 20,
    "epochs": ${epochs},
    "seed": 1
  }
}
`;
