/** Statistics along a sequence of several layers on the same axes: gradient through time, gates and states of recurrent layers. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../engine/schema/numbers.ts';
import type { LayerStats, Shape, ShapeValues, StatisticDefinition } from '../../engine/stats/define.ts';
import { linePath } from '../../engine/stats/drawings.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';
import { fullName, useEditor } from '../model/editor.ts';
import { useRun, useStatsNote } from '../model/run.ts';
import { Figure } from './Figure.tsx';
import { Section } from './Section.tsx';

/** As many lines as can be told apart by their patterns. */
const mostLayers = 4;

interface Course {
  /** The place of its layer, which decides the look of its line. */
  readonly place: number;
  readonly layer: string;
  readonly values: readonly number[];
  /** What the values say about the layer, in words. */
  readonly words?: string | undefined;
}

/** Values of one kind, such as one gate, of those layers that have them. */
interface Axes {
  readonly statistic: StatisticDefinition;
  readonly row: string;
  readonly isLogarithmic: boolean;
  /** The top of the axis, if it is not the largest value. */
  readonly top?: number;
  readonly courses: Course[];
}

/** Nothing if fewer than two of them have such statistics. */
export function Compared({ names }: { readonly names: readonly string[] }) {
  const view = useEditor((state) => state.view);
  const stats = useRun((run) => run.stats);
  const detail = useRun(({ details }) => details.at(-1)?.layers);
  const note = useStatsNote(names[0]);
  const all = new Map<string, Axes>();
  let place = 0;
  for (const layer of names) {
    const name = fullName(view, layer);
    const own = { ...stats[name], ...detail?.[name] };
    const rows = rowsOf(own);
    if (rows.length === 0) continue;
    if (place === mostLayers) break;
    for (const { course, ...axes } of rows) {
      const key = `${axes.statistic.key} ${axes.row}`;
      const known = all.get(key) ?? { ...axes, courses: [] };
      known.courses.push({ ...course, layer, place });
      all.set(key, known);
    }
    place++;
  }
  const compared = [...all.values()].filter(({ courses }) => courses.length > 1);
  if (compared.length === 0) return null;
  return (
    <Section title={l10n.t('On the same axes')}>
      {note !== undefined && <p className="statistics-note">{note}</p>}
      {compared.map((axes) => (
        <ComparedRow key={`${axes.statistic.key} ${axes.row}`} axes={axes} />
      ))}
    </Section>
  );
}

type Row = Omit<Axes, 'courses'> & { readonly course: Pick<Course, 'values' | 'words'> };

const readers: {
  readonly [S in Shape]?: (value: ShapeValues[S], statistic: StatisticDefinition<S>) => readonly Row[];
} = {
  series: (values, statistic) => [
    {
      statistic: statistic as StatisticDefinition,
      row: '',
      isLogarithmic: true,
      course: { values, words: statistic.reach?.(values)?.text },
    },
  ],
  tracks: (value, statistic) => {
    const [main, ...shares] = Object.keys(statistic.words?.().parts ?? {});
    return Object.entries(value).map(([row, courses]) => ({
      statistic: statistic as StatisticDefinition,
      row,
      isLogarithmic: false,
      ...(shares.length > 0 ? { top: 1 } : {}),
      course: { values: courses[main] ?? [] },
    }));
  },
};

const rowsOf = (stats: LayerStats): readonly Row[] =>
  shownStatistics(stats).flatMap(({ statistic, shape, value }) => {
    const read = readers[shape] as ((value: unknown, statistic: unknown) => readonly Row[]) | undefined;
    return read?.(value, statistic) ?? [];
  });

/** The logarithmic axis spans no more powers of ten than this: below, no gradient is left. */
const mostDecades = 12;

function ComparedRow({ axes: { statistic, row, isLogarithmic, top, courses } }: { readonly axes: Axes }) {
  const finite = courses.flatMap(({ values }) => values.filter(Number.isFinite));
  const most = Math.max(...finite, 1e-30);
  const least = Math.max(Math.min(...finite.filter((value) => value > 0), most), most / 10 ** mostDecades);
  const scaled = (value: number) => (isLogarithmic ? Math.log10(Math.max(value, least)) : value);
  const [low, high] = isLogarithmic ? [scaled(least), scaled(most)] : [0, top ?? most];
  const steps = Math.max(...courses.map(({ values }) => values.length));
  /** A shorter sequence ends where the longer one ends, because gradients come from there. */
  const aligned = ({ values }: Course) => [
    ...new Array<number>(steps - values.length).fill(Number.NaN),
    ...values.map(scaled),
  ];
  return (
    <Figure statistic={statistic} note={isLogarithmic ? l10n.t('(logarithmic)') : row}>
      <svg
        className="compared"
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={courses.map(described).join('; ')}
      >
        {courses.map((course) => (
          <path
            key={course.layer}
            className={`course-${course.place}`}
            d={linePath(aligned(course), low, high)}
          />
        ))}
      </svg>
      <div className="ends">
        <span>{l10n.t('first step')}</span>
        <span>{`${formatNumber(isLogarithmic ? least : 0)} … ${formatNumber(top ?? most)}`}</span>
        <span>{l10n.t('last')}</span>
      </div>
      <ul className="courses">
        {courses.map(({ layer, place, words }) => (
          <li key={layer}>
            <svg viewBox="0 0 24 4" aria-hidden="true">
              <path className={`course-${place}`} d="M0 2H24" />
            </svg>
            {layer}
            {words !== undefined && <span className="muted">{words}</span>}
          </li>
        ))}
      </ul>
    </Figure>
  );
}

const described = ({ layer, values }: Course): string =>
  l10n.t(
    '{0}: {1} at the first step, {2} at the last',
    layer,
    formatNumber(values[0] ?? Number.NaN),
    formatNumber(values.at(-1) ?? Number.NaN),
  );
