/** A fix that a repair has tried, once it is known whether it is kept. */

import { attempt as reader } from '../trialReports.ts';
import { defineEvent } from './define.ts';

export const attempt = defineEvent({ attempt: reader }, { keep: { most: 200, drop: 'older' } });
