/** All end-to-end suites, in the order in which they run. */

import { describeSideBySide } from './sideBySide.ts';
import type { Stage } from './stage.ts';
import { describeStart } from './start.ts';
import { describeStory } from './story.ts';

export function describeAll(stage: Stage): void {
  if (!process.env.ONLY) describeStory(stage);
  describeSideBySide(stage);
  if (!process.env.ONLY) describeStart(stage);
}
