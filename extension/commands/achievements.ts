/** Context keys that complete the steps of the walkthrough. A command that could not do anything completes no step. */
import * as vscode from 'vscode';

export const achievements = ['createdNetwork', 'trainedNetwork', 'openedText'] as const;

/**
 * Sets the key only for a moment. VS Code ticks a step when its key becomes true, and never if it was true before the walkthrough was
 * first opened.
 */
export async function achieve(what: (typeof achievements)[number]): Promise<void> {
  const key = `netloom.${what}`;
  await vscode.commands.executeCommand('setContext', key, true);
  await vscode.commands.executeCommand('setContext', key, false);
}
