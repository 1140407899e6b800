/** All end-to-end suites, in the order in which they run. */

import { describeFiveMinutes } from './fiveMinutes.ts';
import { describeGraphKeys } from './graphKeys.ts';
import { describePreflight } from './preflight.ts';
import { describeSideBySide } from './sideBySide.ts';
import type { Stage } from './stage.ts';
import { describeStart } from './start.ts';
import { describeStory } from './story.ts';
import { describeWalkthrough } from './walkthrough.ts';

export function describeAll(stage: Stage): void {
  describeStory(stage);
  describeFiveMinutes(stage);
  describeSideBySide(stage);
  describeGraphKeys(stage);
  describePreflight(stage);
  describeWalkthrough(stage);
  describeStart(stage);
}
