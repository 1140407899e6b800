/** The training panel opens for a job that is shown only there, and stays hidden once a person has hidden it. */
import { afterEach, expect, test, vi } from 'vitest';

/** The page of a tab that is shown, with the state that VS Code kept. */
async function shown(kept?: object) {
  vi.resetModules();
  const { openTrainingFor, usePanels } = await import('../../webview/model/panels.ts');
  const { receiveTrial } = await import('../../webview/model/trial.ts');
  if (kept) usePanels.setState(kept);
  return { openTrainingFor, usePanels, receiveTrial, isOpen: () => usePanels.getState().trainingOpen };
}

afterEach(() => vi.resetModules());

const running = { state: 'running', task: 'try', doing: 'Preparing', step: 0 } as const;

test('a trial opens a hidden panel once, also if its tab is shown again', async () => {
  const first = await shown({ trainingOpen: false });
  first.receiveTrial(running);
  expect(first.isOpen()).toBe(true);
  first.usePanels.setState({ trainingOpen: false });
  first.receiveTrial({ ...running, step: 5 });
  expect(first.isOpen()).toBe(false);
  const again = await shown(structuredClone(first.usePanels.getState()));
  again.receiveTrial(running);
  expect(again.isOpen()).toBe(false);
  again.receiveTrial({ state: 'none' });
  again.receiveTrial(running);
  expect(again.isOpen(), 'for the next trial').toBe(true);
});

test('an evaluation opens it once in the same way', async () => {
  const first = await shown({ trainingOpen: false });
  first.openTrainingFor('evaluation', true);
  expect(first.isOpen()).toBe(true);
  first.usePanels.setState({ trainingOpen: false });
  const again = await shown(structuredClone(first.usePanels.getState()));
  again.openTrainingFor('evaluation', true);
  expect(again.isOpen()).toBe(false);
});
