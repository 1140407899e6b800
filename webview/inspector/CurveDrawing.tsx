/** The function of an activation layer and its derivative, over the distribution of its inputs, with the flat parts shaded. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../engine/schema/numbers.ts';
import type { Histogram } from '../../engine/schema/statistic.ts';
import { axisOf, barsPath, histogramHeights, linePath } from '../../engine/stats/drawings.ts';
import { activationCurve } from '../model/activationCurve.ts';
import type { LayerView } from '../model/network.ts';
import type { RawValues } from '../model/values.ts';

/** If the slope is below this share of the steepest one, almost no gradient passes. */
const flatBelow = 0.1;

export function CurveDrawing({
  layer: { definition, typed },
  inputs,
}: {
  readonly layer: LayerView;
  /** The distribution of the layer's inputs. */
  readonly inputs: Histogram;
}) {
  const found = axisOf([inputs]);
  const axis = { low: Math.min(-4, found.low), high: Math.max(4, found.high) };
  const curve =
    definition &&
    typed &&
    activationCurve(definition, typed.spec.attributes as RawValues, [axis.low, axis.high]);
  if (!curve) return null;
  const { y: values, slope: slopes } = curve;
  const points = values.length;
  const low = Math.min(...values, ...slopes, 0);
  const high = Math.max(...values, ...slopes);
  const steepest = Math.max(...slopes.map(Math.abs));
  const flat = slopes.map((slope) => Math.abs(slope) < flatBelow * steepest);
  const place = (value: number) => (value - axis.low) / (axis.high - axis.low);
  const share = flatShare(inputs, (value) => flat[Math.round(place(value) * (points - 1))]);
  const shareText = l10n.t('flat for {0} of the inputs', formatShare(share));
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
        ].join(', ')}
      >
        <path className="flat" d={flatPath(flat)} />
        <path className="zero" d={`M${zero} 0V1M0 ${high / (high - low)}H1`} />
        <path className="bars" d={barsPath(histogramHeights(inputs, axis, 48).map((one) => 0.6 * one))} />
        <path className="second" d={linePath(slopes, low, high)} />
        <path className="line" d={linePath(values, low, high)} />
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
  const width = 1 / flat.length;
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
