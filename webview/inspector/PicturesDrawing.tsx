/** Sets of small pictures: kernels, weights, feature maps, attention. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../engine/schema/numbers.ts';
import type { Pictures } from '../../engine/schema/statistic.ts';
import { pictureSheet } from '../controls/pictureSheet.ts';
import { type DrawingProps, Figure } from './Figure.tsx';
import { PixelCanvas } from './PixelCanvas.tsx';

/** In the inspector with its usual width. In a narrower one, pictures shrink. */
const room = { width: 250, height: 220, largest: 12 };

export function PicturesDrawing({ statistic, value }: DrawingProps<'pictures'>) {
  return (
    <Figure statistic={statistic}>
      {Object.entries(value).map(([name, set]) => (
        <PictureSet key={name} name={name} set={set} byActivity={statistic.byActivity ?? false} />
      ))}
    </Figure>
  );
}

interface PictureSetProps {
  readonly name: string;
  readonly set: Pictures;
  readonly byActivity: boolean;
}

function PictureSet({ name, set, byActivity }: PictureSetProps) {
  const { rows, columns, limit } = set;
  const sheet = pictureSheet(set, room, byActivity);
  const sizes = `${rows} × ${columns}`;
  const what = sheet.count === 1 ? sizes : l10n.t('{0} of {1}', sheet.count, sizes);
  const zero = sheet.empty === 0 ? '' : l10n.t('{0} of them zero everywhere', sheet.empty);
  const first =
    byActivity && sheet.count > 1 ? l10n.t('most active first: channel {0}', sheet.order[0] + 1) : '';
  const range = `±${formatNumber(limit)}`;
  const below = [first, zero].filter(Boolean).join(', ');
  return (
    <div className="picture-set">
      <div className="ends">
        <span>{name}</span>
        <span>{[what, range].join(', ')}</span>
      </div>
      <PixelCanvas
        columns={sheet.columns}
        rows={sheet.rows}
        values={sheet.values}
        height={sheet.scale * sheet.rows}
        label={[name, what, range, below].filter(Boolean).join(', ')}
      />
      {below && <div className="ends">{below}</div>}
    </div>
  );
}
