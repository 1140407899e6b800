/** Explains the connections and marks of the graph while there is a run. */
import * as l10n from '@vscode/l10n';
import { useEffect, useState } from 'react';
import { Panel } from 'reactflow';
import { type HealthState, healthLabel, healthStates } from '../../engine/schema/healthStates.ts';
import { useEditor } from '../model/editor.ts';
import { useRun } from '../model/run.ts';
import { marksOf } from './drawing.ts';
import { gradientDashes, gradientLevelNames, widths } from './gradientFlow.ts';
import { lineWidth, marks, tile } from './marks.ts';

/** Width of one sample of a line, in pixels. */
const sample = 22;

/** How often marks are looked up, in milliseconds. */
const interval = 500;

function useStates(): readonly HealthState[] {
  const [states, setStates] = useState<readonly HealthState[]>([]);
  useEffect(() => {
    const look = () => {
      const there = new Set(
        [...marksOf(useRun.getState(), useEditor.getState().view).values()].map(({ state }) => state),
      );
      const now = healthStates.filter((state) => there.has(state));
      setStates((before) => (String(before) === String(now) ? before : now));
    };
    look();
    const timer = setInterval(look, interval);
    return () => clearInterval(timer);
  }, []);
  return states;
}

export function Legend() {
  const there = useRun(({ stats }) => Object.keys(stats).length > 0);
  return there && <LegendLine />;
}

function LegendLine() {
  const states = useStates();
  const { least, most } = widths;
  return (
    <Panel position="bottom-left" className="legend">
      <span
        title={l10n.t(
          'Width of a connection: how large the values are that flow along it, as their root mean square. From a twentieth or less to a hundred or more.',
        )}
      >
        <svg width="34" height="8" aria-hidden="true">
          <path d={`M0,${4 - least / 2}L34,${4 - most / 2}v${most}L0,${4 + least / 2}z`} />
        </svg>
        <span>{l10n.t('values')}</span>
      </span>
      <span
        title={l10n.t(
          'Pattern of a connection: the loss gradient that flows back, as its norm compared with that at the loss. From left to right: at most a thousandth, at most a tenth, about as large, more than ten times, more than a thousand times. It is blue where it fades, and orange where it explodes.',
        )}
      >
        <svg width={gradientLevelNames.length * sample} height="8" aria-hidden="true">
          {gradientLevelNames.map((level, index) => (
            <path
              key={level}
              className={`layer-edge gradient-${level}`}
              strokeDasharray={gradientDashes[level]}
              d={`M${index * sample + 1},4h${sample - 4}`}
            />
          ))}
        </svg>
        <span>{l10n.t('gradient')}</span>
      </span>
      {states.map((state) => (
        <span key={state} className="legend-mark">
          <svg width={tile} height={tile} aria-hidden="true">
            <path
              d={marks[state].path}
              className={marks[state].filled ? 'filled' : 'lines'}
              strokeWidth={lineWidth}
            />
          </svg>
          <span>{healthLabel(state)}</span>
        </span>
      ))}
    </Panel>
  );
}
