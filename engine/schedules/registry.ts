/** All schedules, one line each. */
import { Registry } from '../schema/kind.ts';
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import type { ScheduleDefinition } from './define.ts';
import { oneCycle } from './oneCycle.ts';
import { reduceOnPlateau } from './reduceOnPlateau.ts';
import { exponential, step } from './step.ts';
import { warmup } from './warmup.ts';

export const schedules = new Registry<ScheduleDefinition>('schedule', [
  constant,
  step,
  exponential,
  cosine,
  oneCycle,
  warmup,
  reduceOnPlateau,
]);
