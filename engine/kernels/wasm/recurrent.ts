/** Moving rows, the simple cell and the GRU with its reset before the product; LSTM and the other GRU are with kernels.ts. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { RecurrentKernels } from '../recurrent.ts';
import { address, cellPasses, deal, line, share } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

type Unfused = Pick<
  RecurrentKernels,
  | 'gatherRows' | 'scatterRows' | 'rnnCell' | 'rnnCellBackward'
  | 'gruResetCell' | 'gruCandidateCell' | 'gruCandidateCellBackward' | 'gruResetCellBackward'
>;


export function unfusedCells(pool: ThreadPool): Unfused {
  return {
    gatherRows(rows, width, index, indexOffset, x, xOffset, xStride, y, yOffset, yStride) {
      deal(pool, rows, share(pool, rows, rows * width), (wasm, from, to) =>
        wasm.gatherRows(to - from, width, address(index, indexOffset + from), address(x, xOffset), 4 * xStride,
          address(y, yOffset + from * yStride), 4 * yStride));
    },

    scatterRows(rows, width, index, indexOffset, x, xOffset, xStride, y, yOffset, yStride, accumulate) {
      // Indices may repeat, so each thread takes all rows and its part of their width.
      deal(pool, width, share(pool, width, rows * width, line), (wasm, from, to) =>
        wasm.scatterRows(rows, to - from, address(index, indexOffset), address(x, xOffset + from), 4 * xStride,
          address(y, yOffset + from), 4 * yStride, Number(accumulate)));
    },

    rnnCell(rows, units, row, stateRow, relu, gates, hidden) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm[relu ? 'reluForward' : 'tanhForward']((to - from) * units,
          address(gates, (row + from) * units), address(hidden, (stateRow + rows + from) * units)));
    },

    rnnCellBackward(rows, units, stateRow, gradRow, relu, hidden, gradHidden, gradGates) {
      const after = stateRow + rows;
      deal(pool, rows, share(pool, rows, rows * units), (wasm, from, to) =>
        wasm.rnnCellBackward((to - from) * units, Number(relu), address(hidden, (after + from) * units),
          address(gradHidden, (after + from) * units), address(gradGates, (gradRow + from) * units)));
    },

    gruResetCell(rows, units, row, stateRow, gates, source, resetHidden) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.gruResetCell(to - from, units, address(gates, (row + from) * 3 * units),
          address(source, (stateRow + from) * units), address(resetHidden, (row + from) * units)));
    },

    gruCandidateCell(rows, units, row, stateRow, gates, hidden) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.gruCandidateCell(to - from, units, address(gates, (row + from) * 3 * units),
          address(hidden, (stateRow + from) * units), address(hidden, (stateRow + rows + from) * units)));
    },

    gruCandidateCellBackward(rows, units, row, stateRow, gradRow, carry, gates, hidden, gradHidden, gradGates) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.gruCandidateCellBackward(to - from, units, Number(carry), address(gates, (row + from) * 3 * units),
          address(hidden, (stateRow + from) * units), address(gradHidden, (stateRow + from) * units),
          address(gradHidden, (stateRow + rows + from) * units), address(gradGates, (gradRow + from) * 3 * units)));
    },

    gruResetCellBackward(rows, units, row, stateRow, gradRow, carry, gates, source, gradReset, gradSource, gradGates) {
      deal(pool, rows, share(pool, rows, cellPasses * rows * units), (wasm, from, to) =>
        wasm.gruResetCellBackward(to - from, units, Number(carry), address(gates, (row + from) * 3 * units),
          address(source, (stateRow + from) * units), address(gradReset, from * units), address(gradSource, (stateRow + from) * units),
          address(gradGates, (gradRow + from) * 3 * units)));
    },
  };
}
