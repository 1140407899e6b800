/** The limits of a run from the settings. */
import type * as vscode from 'vscode';
import { readSetting } from '../settings.ts';

/** Bytes. */
export const memoryLimitFor = (uri: vscode.Uri): number => readSetting('training.memoryLimit', uri) * 2 ** 20;
