/** All metrics, one line each. */
import { Registry } from '../schema/kind.ts';
import { accuracy, topK } from './accuracy.ts';
import { binaryAccuracy } from './binaryAccuracy.ts';
import { f1, precision, recall } from './confusion.ts';
import type { MetricDefinition } from './define.ts';
import { perplexity } from './perplexity.ts';
import { meanAbsoluteError, r2, rootMeanSquaredError } from './values.ts';

export const metrics = new Registry<MetricDefinition>('metric', [
  accuracy,
  topK,
  precision,
  recall,
  f1,
  perplexity,
  binaryAccuracy,
  meanAbsoluteError,
  rootMeanSquaredError,
  r2,
]);
