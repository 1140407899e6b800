/** A fix that a repair has tried, with the decision whether it is kept. */

import { attempt as reader } from '../trialReports.ts';
import { defineEvent } from './define.ts';

export const attempt = defineEvent({ attempt: reader }, { keep: { most: 200, drop: 'older' } });
