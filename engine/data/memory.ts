/** Memory of samples: counted before any is taken. */
import * as l10n from '@vscode/l10n';
import { bytesText } from '../schema/text.ts';
import { type Dataset, dataError } from './define.ts';

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
}

/** Bytes that the samples take for as long as the dataset is used. */
export function heldBytes({ train, test }: Dataset): number {
  const views = [...(train.holds ?? []), ...(test?.holds ?? [])];
  const buffers = new Set(views.map(({ buffer }) => buffer));
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Throws ProblemError with the largest part if all parts together exceed the limit. `attribute` reduces them. */
export function refuseTooLarge(limit: number, attribute: string, parts: readonly MemoryPart[]): void {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes <= limit) return;
  const largest = parts.reduce((most, part) => (part.bytes > most.bytes ? part : most));
  throw dataError(
    'data/memory',
    l10n.t(
      'the data needs {0} of memory, more than the limit of {1}; {2} takes the most, {3}. Use fewer or smaller samples, or raise the setting netloom.training.memoryLimit.',
      bytesText(bytes),
      bytesText(limit),
      largest.name,
      bytesText(largest.bytes),
    ),
    attribute,
  );
}
