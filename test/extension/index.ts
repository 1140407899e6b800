/** Entry of the suites that run inside the extension host; VS Code calls `run`. */
import Mocha from 'mocha';
import { runMocha } from '../harness/runMocha.mjs';

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', color: false, timeout: 300_000, slow: 5000 });
  if (process.env.NETLOOM_GREP) mocha.grep(new RegExp(process.env.NETLOOM_GREP));
  // Gives the suites `describe` and `it`; they are one bundle, so mocha cannot load them as files.
  mocha.suite.emit('pre-require', globalThis, 'index', mocha);
  // First: whether the extension is still asleep can be seen only before anything opens a network.
  await import('./activation.test.ts');
  await import('./editing.test.ts');
  await import('./messages.test.ts');
  await import('./page.test.ts');
  await import('./placement.test.ts');
  await import('./language.test.ts');
  await import('./languageCompletion.test.ts');
  await import('./languageFeatures.test.ts');
  await import('./languageFixes.test.ts');
  await import('./runRecord.test.ts');
  await import('./chosenSample.test.ts');
  await import('./earlierRuns.test.ts');
  await import('./runsView.test.ts');
  await import('./hostile.test.ts');
  await import('./training.test.ts');
  await import('./findings.test.ts');
  await import('./hoverPicture.test.ts');
  await import('./preflight.test.ts');
  await import('./trials.test.ts');
  await import('./threads.test.ts');
  await import('./deaths.test.ts');
  await import('./newNetwork.test.ts');
  const failures = await runMocha(mocha);
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
