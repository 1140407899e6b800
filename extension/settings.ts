/** Reads the settings of the extension, with the types and defaults of their table. */
import * as vscode from 'vscode';
import {
  type SettingName,
  type SettingValue,
  settingId,
  settings,
  settingValue,
} from '../engine/protocol/settings.ts';

export const readSetting = <N extends SettingName>(
  name: N,
  scope?: vscode.ConfigurationScope,
): SettingValue<N> =>
  settingValue(
    name,
    vscode.workspace.getConfiguration(undefined, scope).get(settingId(name), settings[name].default),
  );

/** Calls `act` after any of these settings has changed. */
export const onSettings = (names: readonly SettingName[], act: () => void): vscode.Disposable =>
  vscode.workspace.onDidChangeConfiguration((change) => {
    if (names.some((name) => change.affectsConfiguration(settingId(name)))) act();
  });
