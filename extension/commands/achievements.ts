/** Context keys that complete the steps of the walkthrough. A command that could not do anything completes no step. */
import * as vscode from 'vscode';

export const achievements = ['createdNetwork', 'trainedNetwork', 'openedText'] as const;

export const achieve = (what: (typeof achievements)[number]): void =>
  void vscode.commands.executeCommand('setContext', `netloom.${what}`, true);
