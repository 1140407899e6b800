/** Moving rows, the simple cell and the GRU with its reset before the product; LSTM and the other GRU are with kernels.ts. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { RecurrentKernels } from '../recurrent.ts';
import type { Crew } from './crew.ts';
import { address, cellPasses, line, parts, share } from './shares.ts';

type Unfused = Pick<
  RecurrentKernels,
  | 'gatherRows' | 'scatterRows' | 'rnnCell' | 'rnnCellBackward'
  | 'gruResetCell' | 'gruCandidateCell' | 'gruCandidateCellBackward' | 'gruResetCellBackward'
>;


export function unfusedCells(crew: Crew): Unfused {
  return {
    gatherRows(rows, width, index, indexOffset, x, xOffset, xStride, y, yOffset, yStride) {
      const each = share(crew, rows, rows * width);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gatherRows(Math.min(each, rows - r), width, address(index, indexOffset + r), address(x, xOffset), 4 * xStride,
          address(y, yOffset + r * yStride), 4 * yStride);
      }
      crew.finish();
    },

    scatterRows(rows, width, index, indexOffset, x, xOffset, xStride, y, yOffset, yStride, accumulate) {
      // Indices may repeat, so each thread takes all rows and its part of their width.
      const each = share(crew, width, rows * width, line);
      for (let part = parts(width, each); part-- > 0; ) {
        const j = part * each;
        crew.on(part).scatterRows(rows, Math.min(each, width - j), address(index, indexOffset), address(x, xOffset + j), 4 * xStride,
          address(y, yOffset + j), 4 * yStride, Number(accumulate));
      }
      crew.finish();
    },

    rnnCell(rows, units, row, stateRow, relu, gates, hidden) {
      const count = rows * units;
      const each = share(crew, count, cellPasses * count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part)[relu ? 'reluForward' : 'tanhForward'](Math.min(each, count - i),
          address(gates, row * units + i), address(hidden, (stateRow + rows) * units + i));
      }
      crew.finish();
    },

    rnnCellBackward(rows, units, row, stateRow, relu, hidden, gradHidden, gradGates) {
      const count = rows * units;
      const after = (stateRow + rows) * units;
      const each = share(crew, count, count, line);
      for (let part = parts(count, each); part-- > 0; ) {
        const i = part * each;
        crew.on(part).rnnCellBackward(Math.min(each, count - i), Number(relu), address(hidden, after + i), address(gradHidden, after + i),
          address(gradGates, row * units + i));
      }
      crew.finish();
    },

    gruResetCell(rows, units, row, stateRow, gates, source, resetHidden) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gruResetCell(Math.min(each, rows - r), units, address(gates, (row + r) * 3 * units),
          address(source, (stateRow + r) * units), address(resetHidden, (row + r) * units));
      }
      crew.finish();
    },

    gruCandidateCell(rows, units, row, stateRow, gates, hidden) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gruCandidateCell(Math.min(each, rows - r), units, address(gates, (row + r) * 3 * units),
          address(hidden, (stateRow + r) * units), address(hidden, (stateRow + rows + r) * units));
      }
      crew.finish();
    },

    gruCandidateCellBackward(rows, units, row, stateRow, carry, gates, hidden, gradHidden, gradGates) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gruCandidateCellBackward(Math.min(each, rows - r), units, Number(carry), address(gates, (row + r) * 3 * units),
          address(hidden, (stateRow + r) * units), address(gradHidden, (stateRow + r) * units),
          address(gradHidden, (stateRow + rows + r) * units), address(gradGates, (row + r) * 3 * units));
      }
      crew.finish();
    },

    gruResetCellBackward(rows, units, row, stateRow, carry, gates, source, gradReset, gradSource, gradGates) {
      const each = share(crew, rows, cellPasses * rows * units);
      for (let part = parts(rows, each); part-- > 0; ) {
        const r = part * each;
        crew.on(part).gruResetCellBackward(Math.min(each, rows - r), units, Number(carry), address(gates, (row + r) * 3 * units),
          address(source, (stateRow + r) * units), address(gradReset, r * units), address(gradSource, (stateRow + r) * units),
          address(gradGates, (row + r) * 3 * units));
      }
      crew.finish();
    },
  };
}
