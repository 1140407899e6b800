/** All schedules, one line each. */
import { Registry } from '../../spec/kind.ts';
import { constant } from './constant.ts';
import type { ScheduleDefinition } from './define.ts';

export const schedules = new Registry<ScheduleDefinition>('schedule', [constant]);
