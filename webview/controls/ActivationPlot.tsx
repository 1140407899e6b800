/** An activation and its derivative, drawn from the values that the layer computes. */
import * as l10n from '@vscode/l10n';
import { useMemo } from 'react';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { activationCurve } from '../model/activationCurve.ts';
import type { RawValues } from '../model/values.ts';

const width = 240;
const height = 120;
const margin = 6;

/** The fixed range of the axes, so that the curves of two activations can be compared. */
const range = [-1.5, 3] as const;

export function ActivationPlot({
  definition,
  given,
}: {
  readonly definition: LayerDefinition;
  readonly given?: RawValues;
}) {
  const curve = useMemo(() => activationCurve(definition, given), [definition, given]);
  if (!curve) return null;
  const [low, high] = range;
  const left = curve.x[0];
  const right = curve.x.at(-1)!;
  const atX = (x: number) => margin + ((x - left) / (right - left)) * (width - 2 * margin);
  const atY = (y: number) => height - margin - ((y - low) / (high - low)) * (height - 2 * margin);
  const path = (values: readonly number[]) =>
    values
      .map((y, index) => `${index === 0 ? 'M' : 'L'}${atX(curve.x[index]).toFixed(1)} ${atY(y).toFixed(1)}`)
      .join('');
  return (
    <figure className="activation-plot">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={l10n.t('f(x) and its derivative from −4 to 4')}
      >
        <clipPath id={`plot-${definition.type}`}>
          <rect x={margin} y={margin} width={width - 2 * margin} height={height - 2 * margin} />
        </clipPath>
        <path
          className="plot-axis"
          d={`M${margin} ${atY(0)}H${width - margin}M${atX(0)} ${margin}V${height - margin}`}
        />
        <path className="plot-axis faint" d={`M${margin} ${atY(1)}H${width - margin}`} />
        <g clipPath={`url(#plot-${definition.type})`}>
          <path className="plot-slope" d={path(curve.slope)} />
          <path className="plot-value" d={path(curve.y)} />
        </g>
        <text x={margin + 2} y={atY(1) - 3}>
          1
        </text>
      </svg>
      <figcaption>
        <span className="plot-value">f(x)</span>
        <span className="plot-slope">f′(x)</span>
      </figcaption>
    </figure>
  );
}
