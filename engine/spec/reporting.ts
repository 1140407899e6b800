/** What the readers of a text's sections share: how they report what is wrong. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { Issue } from './source.ts';

export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is an object, and not a list or null. */
export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export type Report = (issue: Issue) => void;

/** A message that takes work is made only if it is shown. */
export const error = (
  code: ProblemCode,
  path: Issue['path'],
  message: string | (() => string),
  on: Issue['on'] = 'value',
): Issue => ({
  code,
  severity: 'error',
  get message() {
    return typeof message === 'string' ? message : message();
  },
  path,
  on,
});

/** A problem of a layer of a block, for all uses of the block. */
export const inBlock = (block: string, message: string): string => l10n.t('block {0}, {1}', block, message);

/** The message with a full stop, if it has no end yet. */
export const sentence = (message: string): string => (/[.!?…。]$/.test(message) ? message : `${message}.`);
