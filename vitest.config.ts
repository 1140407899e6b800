import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isolated = 'test/**/*.isolated.test.ts';

/** The files that take longest. One of them at the end would leave a core idle, and Vitest knows it only where it has run before. */
const longest =
  /\/(lessons|findings|reproducible|resume|runs\.faults|diagnoseCommand|process|editing)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => longest.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Fast tests in plain Node. In-host and browser suites have runners of their own; see test/run.mjs. */
export default defineConfig({
  test: {
    globalSetup: ['test/engine/globalSetup.ts'],
    // By default Vitest leaves a core idle, which is half of a machine with two.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // For machines that are many times slower than usual. Hooks build pages and start browsers.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ['default'],
    projects: [
      {
        // All files of a process share its modules and its browser, because these take longer to load than most tests.
        extends: true,
        test: {
          name: 'shared',
          include: ['test/{engine,webview,conformance,tidy}/**/*.test.{ts,tsx}'],
          exclude: [isolated],
          isolate: false,
          restoreMocks: true,
        },
      },
      { extends: true, test: { name: 'isolated', include: [isolated] } },
    ],
  },
});
