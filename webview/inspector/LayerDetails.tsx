/** A layer in detail: its detailed statistics, each drawn by the shape of its value, and the curve of its function. */
import * as l10n from '@vscode/l10n';
import type { ComponentType } from 'react';
import { counted, countText } from '../../engine/schema/text.ts';
import type { LayerStats, Shape, ShapeValues, StatisticDefinition } from '../../engine/stats/define.ts';
import { shownStatistics, statistics } from '../../engine/stats/registry.ts';
import { command } from '../host.ts';
import type { LayerView } from '../model/network.ts';
import { useDetails, useRun } from '../model/run.ts';
import { ChannelsDrawing, TracksDrawing } from './CourseDrawings.tsx';
import { CurveDrawing } from './CurveDrawing.tsx';
import type { DrawingProps } from './Figure.tsx';
import { HistogramDrawing } from './HistogramDrawing.tsx';
import { PicturesDrawing } from './PicturesDrawing.tsx';
import { Section } from './Section.tsx';

const drawings: { readonly [S in Shape]?: ComponentType<DrawingProps<S>> } = {
  histogram: HistogramDrawing,
  tracks: TracksDrawing,
  channels: ChannelsDrawing,
  pictures: PicturesDrawing,
};

/** How a layer's output is distributed. */
const ofOutputs = statistics.find(({ at, shape }) => at === 'activation' && shape === 'histogram');

export function LayerDetails({ layer }: { readonly layer: LayerView }) {
  const own = useDetails(layer.name);
  const before = useDetails(layer.typed?.from[0]?.layer ?? '');
  const latest = own.at(-1);
  const inputs = ofOutputs && (before.at(-1)?.[ofOutputs.key] as ShapeValues['histogram'] | undefined);
  if (!latest) return null;
  return (
    <Section title={l10n.t('In detail')}>
      <ChosenSample statistics={latest} />
      {inputs && <CurveDrawing layer={layer} inputs={inputs} />}
      {shownStatistics(latest).map(({ statistic, shape, value }) => {
        const Drawing = drawings[shape] as ComponentType<DrawingProps<Shape>> | undefined;
        return (
          Drawing && (
            <Drawing
              key={statistic.key}
              statistic={statistic as StatisticDefinition}
              value={value}
              earlier={earlierOf(own, statistic.key)}
            />
          )
        );
      })}
    </Section>
  );
}

/** The sample of the maps, if there are any, and a button to choose another one. */
function ChosenSample({ statistics: measured }: { readonly statistics: LayerStats }) {
  const sample = useRun(({ details }) => details.at(-1)?.sample);
  const plan = useRun((run) => run.plan);
  const isSeen = shownStatistics(measured).some(
    ({ statistic }) => 'after' in statistic && statistic.after === 'sample',
  );
  if (!isSeen || sample === undefined || !plan) return null;
  const text = plan.testSamples
    ? l10n.t(
        'Sample {0} of {1}',
        sample,
        counted(plan.testSamples, 'testSamples', countText(plan.testSamples)),
      )
    : l10n.t(
        'Sample {0} of {1}',
        sample,
        counted(plan.trainSamples, 'trainingSamples', countText(plan.trainSamples)),
      );
  return (
    <p className="chosen-sample">
      {text}{' '}
      <button
        type="button"
        className="text-button"
        title={l10n.t('Choose the sample whose maps the training shows')}
        onClick={() => command('chooseSample')}
      >
        {l10n.t('Choose…')}
      </button>
    </p>
  );
}

const earlierOf = (details: readonly LayerStats[], key: string): readonly ShapeValues[Shape][] =>
  details.slice(0, -1).flatMap((stats) => (Object.hasOwn(stats, key) ? [stats[key]] : []));
