/**
 * Statistics that are measured in detail, which is rare because they are large. Views keep some of a run, to show how
 * they changed.
 */
import { defineEvent } from './define.ts';
import { statsFields, statsTreatment } from './stats.ts';

export const detail = defineEvent(statsFields, {
  ...statsTreatment,
  keep: { most: 16, drop: 'everyOther' },
});
