/** Statistics along a sequence of several layers on the same axes: gradient through time, gates and states of recurrent layers. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../engine/schema/numbers.ts';
import type { LayerStats, Shape, ShapeValues, StatisticDefinition } from '../../engine/stats/define.ts';
import { linePath } from '../../engine/stats/drawings.ts';
import { shownStatistics } from '../../engine/stats/registry.ts';
import { fullName, useEditor } from '../model/editor.ts';
import { useRun, useStatsNoteOf } from '../model/run.ts';
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
  const measured = names.flatMap((layer) => {
    const name = fullName(view, layer);
    const rows = rowsOf({ ...stats[name], ...detail?.[name] });
    return rows.length === 0 ? [] : [{ layer, rows }];
  });
  const drawn = measured.slice(0, mostLayers);
  const note = useStatsNoteOf(drawn.map(({ layer }) => layer));
  const all = new Map<string, Axes>();
  for (const [place, { layer, rows }] of drawn.entries())
    for (const { course, ...axes } of rows) {
      const key = `${axes.statistic.key} ${axes.row}`;
      const known = all.get(key) ?? { ...axes, courses: [] };
      known.courses.push({ ...course, layer, place });
      all.set(key, known);
    }
  const compared = [...all.values()].filter(({ courses }) => courses.length > 1);
  if (compared.length === 0) return null;
  return (
    <Section title={l10n.t('On the same axes')}>
      {note !== undefined && <p className="statistics-note">{note}</p>}
      {drawn.length < measured.length && (
        <p className="statistics-note">
          {l10n.t('The first {0} of {1} layers are drawn.', drawn.length, measured.length)}
        </p>
      )}
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
  const most = Math.max(0, ...finite);
  const least = Math.max(Math.min(...finite.filter((value) => value > 0), most), most / 10 ** mostDecades);
  // Zero has no place on a logarithmic axis. Where all values are zero, their lines lie at the bottom of any other one.
  const hasDecades = isLogarithmic && most > 0;
  const scaled = (value: number) => (hasDecades ? Math.log10(Math.max(value, least)) : value);
  const [low, high] = hasDecades ? [scaled(least), scaled(most)] : [0, (top ?? most) || 1];
  const steps = Math.max(...courses.map(({ values }) => values.length));
  /** A shorter sequence ends where the longer one ends, because gradients come from there. */
  const aligned = ({ values }: Course) => [
    ...new Array<number>(steps - values.length).fill(Number.NaN),
    ...values.map(scaled),
  ];
  return (
    <Figure statistic={statistic} note={hasDecades ? l10n.t('(logarithmic)') : row}>
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
        <span>{rangeText(hasDecades ? least : 0, top ?? most)}</span>
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

const rangeText = (least: number, most: number): string =>
  least === most ? formatNumber(most) : `${formatNumber(least)} … ${formatNumber(most)}`;

const described = ({ layer, values }: Course): string =>
  l10n.t(
    '{0}: {1} at the first step, {2} at the last',
    layer,
    formatNumber(values[0] ?? Number.NaN),
    formatNumber(values.at(-1) ?? Number.NaN),
  );
