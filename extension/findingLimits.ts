/** The limits of findings that the settings change. Those of a folder that is not trusted are ignored, as package.json says. */
import type * as vscode from 'vscode';
import { type LimitSettings, readLimits } from '../engine/diagnose/limits.ts';
import { findings } from '../engine/diagnose/registry.ts';
import { readSetting } from './settings.ts';

const read = (uri: vscode.Uri | undefined) => readLimits(readSetting('diagnosis.limits', uri), findings);

/** Those that hold for a network; what is wrong is left out. */
export const findingLimits = (uri: vscode.Uri): LimitSettings => read(uri).limits;

/** What is wrong with the setting, in words. */
export const limitProblems = (): readonly string[] => read(undefined).problems;
