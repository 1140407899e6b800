/** The frame of a drawing: its title, and on hover its meaning. */
import type { Shape, ShapeValues, StatisticDefinition } from '../../engine/stats/define.ts';

export interface DrawingProps<S extends Shape> {
  readonly statistic: StatisticDefinition<S>;
  readonly value: ShapeValues[S];
  /** Earlier values, oldest first. */
  readonly earlier: readonly ShapeValues[S][];
}

interface FigureProps {
  readonly statistic: Pick<StatisticDefinition, 'key' | 'words'>;
  /** Shown to the right of the title. */
  readonly note?: React.ReactNode;
  readonly children: React.ReactNode;
}

export function Figure({ statistic, note, children }: FigureProps) {
  const words = statistic.words?.();
  return (
    <figure className="drawing" title={words?.meaning}>
      <figcaption>
        <span>{words?.name ?? statistic.key}</span>
        <span className="muted">{note}</span>
      </figcaption>
      {children}
    </figure>
  );
}
