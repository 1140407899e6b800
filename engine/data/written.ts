/** The data that a text names, also while the rest of its training section is not complete, and what is known of them at once. */
import type { Json } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { KnownFields } from './define.ts';
import { datasets } from './registry.ts';

/** `training`: the section as written. Undefined if no data are named, or with a mistake. */
export function writtenData(training: Json | undefined): Described | undefined {
  const isSection = typeof training === 'object' && training !== null && !Array.isArray(training);
  const data = isSection ? training.data : undefined;
  const reading = data === undefined ? undefined : datasets.read(data);
  return reading && 'value' in reading ? reading.value : undefined;
}

/** What samples consist of, as far as that is known before data are read. */
export const fieldsOf = ({ type, attributes }: Described): KnownFields | undefined =>
  datasets.get(type).fields?.(attributes);
