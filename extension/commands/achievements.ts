/**
 * What a person has done with success, as context keys: the steps of the walkthrough are ticked by them. A command that was
 * called and could do nothing is no step.
 */
import * as vscode from 'vscode';

export const achievements = ['createdNetwork', 'trainedNetwork', 'openedText'] as const;

export const achieve = (what: (typeof achievements)[number]): void =>
  void vscode.commands.executeCommand('setContext', `netloom.${what}`, true);
