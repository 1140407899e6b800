/** The limits of findings that the settings change. Those of a folder that is not trusted are ignored, as package.json says. */
import type * as vscode from 'vscode';
import { type LimitSettings, readLimits } from '../engine/diagnose/limits.ts';
import { findings } from '../engine/diagnose/registry.ts';
import { readSetting } from './settings.ts';

/** Rules are loaded only if their limits are changed. */
function read(uri: vscode.Uri | undefined): ReturnType<typeof readLimits> {
  const changed = readSetting('diagnosis.limits', uri);
  const isDefault = typeof changed === 'object' && Object.keys(changed ?? {}).length === 0;
  return isDefault ? { limits: {}, problems: [] } : readLimits(changed, findings);
}

/** The limits that apply to a network, without invalid ones. */
export const findingLimits = (uri: vscode.Uri): LimitSettings => read(uri).limits;

/** Messages about invalid entries of the setting. */
export const limitProblems = (): readonly string[] => read(undefined).problems;
