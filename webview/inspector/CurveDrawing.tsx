/** The function of an activation layer and its derivative, over the distribution of its inputs, with the flat parts shaded. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../engine/schema/numbers.ts';
import type { Histogram } from '../../engine/schema/statistic.ts';
import { axisOf, barsPath, histogramHeights, linePath } from '../../engine/stats/drawings.ts';
import type { LayerView } from '../model/network.ts';

const points = 121;
/** Where the slope is less than this share of the steepest, almost no gradient passes. */
const flatBelow = 0.1;

/** `inputs`: how what comes in is distributed, if that is known. */
export function CurveDrawing({
  layer: { definition, typed },
  inputs,
}: {
  readonly layer: LayerView;
  readonly inputs: Histogram | undefined;
}) {
  if (!definition?.curve || !typed) return null;
  const found = inputs ? axisOf([inputs]) : { low: 0, high: 0 };
  const axis = { low: Math.min(-4, found.low), high: Math.max(4, found.high) };
  const x = Float64Array.from(
    { length: points },
    (_, i) => axis.low + ((axis.high - axis.low) * i) / (points - 1),
  );
  const { values, slopes } = definition.curve(typed.spec.attributes as never, x);
  const low = Math.min(...values, ...slopes, 0);
  const high = Math.max(...values, ...slopes);
  const steepest = Math.max(...slopes.map(Math.abs));
  const flat = Array.from(slopes, (slope) => Math.abs(slope) < flatBelow * steepest);
  const share =
    inputs &&
    flatShare(
      inputs,
      (value) =>
        flat[
          Math.max(
            0,
            Math.min(points - 1, Math.round(((value - axis.low) / (axis.high - axis.low)) * (points - 1))),
          )
        ],
    );
  const shareText =
    share === undefined ? '' : l10n.t('{0} of the inputs where it is flat', formatShare(share));
  const zero = -axis.low / (axis.high - axis.low);
  return (
    <figure className="drawing">
      <figcaption>
        <span>{l10n.t('Function and slope')}</span>
        <span className="muted">{l10n.t('slope dashed, flat parts shaded')}</span>
      </figcaption>
      <svg
        className="curve"
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={[
          l10n.t('{0} from {1} to {2}', definition.label, formatNumber(axis.low), formatNumber(axis.high)),
          shareText,
        ]
          .filter(Boolean)
          .join(', ')}
      >
        <path className="flat" d={flatPath(flat)} />
        <path className="zero" d={`M${zero} 0V1M0 ${high / (high - low)}H1`} />
        {inputs && (
          <path className="bars" d={barsPath(histogramHeights(inputs, axis, 48).map((one) => 0.6 * one))} />
        )}
        <path className="second" d={linePath(Array.from(slopes), low, high)} />
        <path className="line" d={linePath(Array.from(values), low, high)} />
      </svg>
      <div className="ends">
        <span>{formatNumber(axis.low)}</span>
        <span>{shareText}</span>
        <span>{formatNumber(axis.high)}</span>
      </div>
    </figure>
  );
}

function flatPath(flat: readonly boolean[]): string {
  const width = 1 / points;
  return flat.map((is, i) => (is ? `M${i * width} 0h${width}V1h${-width}z` : '')).join('');
}

function flatShare({ low, high, counts }: Histogram, isFlat: (value: number) => boolean): number {
  let [all, within] = [0, 0];
  for (const [bin, count] of counts.entries()) {
    all += count;
    if (isFlat(low + ((high - low) * (bin + 0.5)) / counts.length)) within += count;
  }
  return all === 0 ? 0 : within / all;
}
