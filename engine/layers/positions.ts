/** An image or a sequence as positions × channels, for layers that treat all positions alike. */
import * as l10n from '@vscode/l10n';
import { type IntTensor, type Pass, type Problem, problem, type Shape, sizeOf } from './define.ts';

export type Positions = {
  readonly positions: number;
  readonly channels: number;
  /** Positions of one entry of the first axis, which may be time. */
  readonly perStep: number;
};

/** The positions and channels of an input [height, width, channels] or [time, channels], or why it has none. */
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
  return { positions: sizeOf(input) / channels, channels, perStep: sizeOf(input.slice(1, -1)) };
}

/** Writes the number of real positions of each sample into `real` [batch]; undefined if all are real. */
export function realPositions(
  { perStep }: Pick<Positions, 'perStep'>,
  { batch, lengths }: Pick<Pass, 'batch' | 'lengths'>,
  { data }: IntTensor,
): Int32Array | undefined {
  if (!lengths) return undefined;
  for (let n = 0; n < batch; n++) data[n] = lengths[n] * perStep;
  return data;
}
