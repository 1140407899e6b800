/** An image or a sequence as positions × channels, for layers that treat all positions alike. */
import * as l10n from '@vscode/l10n';
import { type Problem, problem, type Shape, sizeOf } from './define.ts';

export type Positions = {
  readonly positions: number;
  readonly channels: number;
  /** Positions are time steps, so a sample's length says how many of them are real. */
  readonly overTime: boolean;
};

export function positionsOf(input: Shape): Positions | { readonly problem: Problem } {
  if (input.length < 2)
    return problem(
      'shape/rank',
      l10n.t(
        'needs an input [height, width, channels] or [time, channels], found [{0}]. Leave this layer out.',
        input.join(', '),
      ),
    );
  const channels = input[input.length - 1];
  return { positions: sizeOf(input) / channels, channels, overTime: input.length === 2 };
}

/** How many positions of each sample are real; undefined when all are. */
export const realPositions = (
  { overTime }: Positions,
  lengths: Int32Array | undefined,
): Int32Array | undefined => (overTime ? lengths : undefined);
