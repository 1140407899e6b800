/** Sets of small pictures: kernels, weights, feature maps, attention. */
import * as l10n from '@vscode/l10n';
import { pictureCount, pixelAt } from '../../engine/layers/pictures.ts';
import { formatNumber } from '../../engine/schema/numbers.ts';
import type { Pictures } from '../../engine/schema/statistic.ts';
import { type DrawingProps, Figure } from './Figure.tsx';
import { PixelCanvas } from './PixelCanvas.tsx';

/** The width that a set may take, in pixels of the page; the inspector is at least 220 wide. */
const [widest, highest, largest] = [190, 220, 12];

export function PicturesDrawing({ statistic, value }: DrawingProps<'pictures'>) {
  return (
    <Figure statistic={statistic}>
      {Object.entries(value).map(([name, set]) => (
        <PictureSet key={name} name={name} set={set} />
      ))}
    </Figure>
  );
}

function PictureSet({ name, set }: { readonly name: string; readonly set: Pictures }) {
  const { rows, columns, limit } = set;
  const count = pictureCount(set);
  const size = rows * columns;
  const empty = Array.from({ length: count }, (_, picture) =>
    Array.from({ length: size }, (_, i) => pixelAt(set, picture * size + i)).every((value) => value === 0),
  ).filter(Boolean).length;
  const across = Math.min(count, set.across ?? Math.ceil(Math.sqrt((count * (rows + 1)) / (columns + 1))));
  const down = Math.ceil(count / across);
  // An empty line between the pictures.
  const [width, height] = [across * (columns + 1) - 1, down * (rows + 1) - 1];
  const values = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const picture = Math.floor(y / (rows + 1)) * across + Math.floor(x / (columns + 1));
    const [row, column] = [y % (rows + 1), x % (columns + 1)];
    if (row === rows || column === columns || picture >= count) return undefined;
    return pixelAt(set, picture * size + row * columns + column);
  });
  const scale = Math.max(1, Math.min(largest, Math.floor(widest / width), Math.floor(highest / height)));
  const sizes = `${rows} × ${columns}`;
  const what = count === 1 ? sizes : l10n.t('{0} of {1}', count, sizes);
  const zero = empty === 0 ? '' : l10n.t('{0} of them zero everywhere', empty);
  const range = `±${formatNumber(limit)}`;
  return (
    <>
      <div className="ends">
        <span>{name}</span>
        <span>{[what, range].join(', ')}</span>
      </div>
      <PixelCanvas
        columns={width}
        rows={height}
        values={values}
        height={scale * height}
        label={[name, what, range, zero].filter(Boolean).join(', ')}
      />
      {zero && <div className="ends">{zero}</div>}
    </>
  );
}
