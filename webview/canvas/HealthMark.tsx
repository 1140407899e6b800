/** The left edge of a card. Its shape and colour show the state of the layer. */

import { healthLabel, healthStates } from '../../engine/schema/healthStates.ts';
import { type Health, healthOf } from '../../engine/stats/health.ts';
import { useStats } from '../model/run.ts';
import { lineWidth, marks, tile } from './marks.ts';

const tones: readonly Health['tone'][] = ['warn', 'bad'];

const patternId = (state: Health['state'], tone: Health['tone']): string => `mark-${state}-${tone}`;

/** The patterns that fill all marks. They exist once in the page. */
export function MarkPatterns() {
  return (
    <svg className="mark-patterns" width="0" height="0" aria-hidden="true">
      <defs>
        {tones.flatMap((tone) =>
          healthStates.map((state) => (
            <pattern
              key={patternId(state, tone)}
              id={patternId(state, tone)}
              className={tone}
              width={tile}
              height={tile}
              patternUnits="userSpaceOnUse"
            >
              <path
                d={marks[state].path}
                className={marks[state].filled ? 'filled' : 'lines'}
                strokeWidth={lineWidth}
              />
            </pattern>
          )),
        )}
      </defs>
    </svg>
  );
}

export function HealthMark({ name }: { readonly name: string }) {
  const stats = useStats(name);
  const health = stats && healthOf(stats);
  if (!health) return null;
  const { state, tone, share } = health;
  return (
    <svg className={`health-mark ${state} ${tone}`} role="img" aria-label={healthLabel(state)}>
      <title>{healthLabel(state)}</title>
      {share !== undefined && (
        <rect className="health-share" width="100%" height={`${share * 100}%`} y={`${(1 - share) * 100}%`} />
      )}
      <rect width="100%" height="100%" fill={`url(#${patternId(state, tone)})`} />
    </svg>
  );
}
