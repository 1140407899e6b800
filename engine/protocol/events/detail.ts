/**
 * Statistics that are measured in detail, which is rare because they are large. Views keep some of a run, to show how
 * they changed.
 */
import { count, optional } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { statsFields, statsTreatment } from './stats.ts';

export const detail = defineEvent(
  {
    ...statsFields,
    /** The sample, from 1, whose feature maps and attention maps these are: of the test data, or of the training data where there are none. */
    sample: optional(count),
  },
  { ...statsTreatment, keep: { most: 16, drop: 'everyOther' } },
);
