/**
 * Moves through a recorded run. One request is on its way at a time; what a person wants meanwhile becomes one request
 * after it, so that a slider that is dragged never waits for moments that it has passed.
 */
import { replay } from '../host.ts';
import { useRun } from '../model/run.ts';

/** The last reading until a step, or `move` readings after it. */
interface Target {
  readonly step: number;
  readonly move: number;
}

/** Later than any step. */
const end = Number.MAX_SAFE_INTEGER;

/** Where the run will be when all that was asked for is done. */
let target: Target | undefined;
let isBusy = false;

/** Whether a moment is on its way. */
export const isSeeking = (): boolean => isBusy;

export const goTo = (step: number): void => seek({ step, move: 0 });

export const goToStart = (): void => goTo(0);
export const goToEnd = (): void => goTo(end);

/** By readings, from the moment that is shown or wanted. */
export function goBy(move: number): void {
  const from = target ?? { step: useRun.getState().replay?.step ?? end, move: 0 };
  seek({ ...from, move: from.move + move });
}

/** Back to the newest state. */
export function goLive(): void {
  target = undefined;
  void replay({});
}

function seek(to: Target): void {
  target = to;
  if (!isBusy) void follow();
}

async function follow(): Promise<void> {
  isBusy = true;
  try {
    while (target) {
      const asked: Target = target;
      await replay(asked);
      if (target === asked) target = undefined;
    }
  } catch (error) {
    target = undefined;
    console.warn(`Netloom: ${error}`);
  } finally {
    isBusy = false;
  }
}
