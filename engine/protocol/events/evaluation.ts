/** The result of an evaluation. */
import { count, number, oneOf, optional } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { scores, warnings } from './fields.ts';

export const evaluation = defineEvent(
  {
    /** The samples that were scored: test samples or, if there are none, training samples. */
    split: optional(oneOf('test', 'train')),
    test: scores,
    samples: count,
    warnings: optional(warnings),
    seconds: number,
  },
  {
    keep: { most: 100, drop: 'older' },
  },
);
