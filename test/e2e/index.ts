/** All end-to-end suites, in the order in which they run. */

import { describeFiveMinutes } from './fiveMinutes.ts';
import { describeGraphKeys } from './graphKeys.ts';
import { describePreflight } from './preflight.ts';
import { describeSideBySide } from './sideBySide.ts';
import type { Stage } from './stage.ts';
import { describeStart } from './start.ts';
import { describeStory } from './story.ts';
import { describeWalkthrough } from './walkthrough.ts';
import { Windows } from './windows.ts';

export function describeAll(stage: Stage): void {
  const windows = new Windows(stage);
  before('starts VS Code and a browser', () => windows.start());
  after(() => windows.stop());
  describeStory(windows);
  describeFiveMinutes(windows);
  describeSideBySide(windows);
  describeGraphKeys(windows);
  describePreflight(windows);
  describeWalkthrough(windows);
  describeStart(stage);
}
