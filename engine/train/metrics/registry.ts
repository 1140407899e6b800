/** All metrics, one line each. */
import { Registry } from '../../spec/kind.ts';
import { accuracy, topK } from './accuracy.ts';
import type { MetricDefinition } from './define.ts';
import { meanAbsoluteError } from './values.ts';

export const metrics = new Registry<MetricDefinition>('metric', [accuracy, topK, meanAbsoluteError]);
