/** Memory of samples: counted before any is taken. */
import * as l10n from '@vscode/l10n';
import { bytesText } from '../schema/text.ts';
import { DataError } from './define.ts';

export interface MemoryPart {
  readonly name: string;
  readonly bytes: number;
}

/** Throws DataError with the largest part, where the parts together take more than the limit. `attribute` makes them smaller. */
export function refuseTooLarge(limit: number, attribute: string, parts: readonly MemoryPart[]): void {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes <= limit) return;
  const largest = parts.reduce((most, part) => (part.bytes > most.bytes ? part : most));
  throw new DataError(
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
