/** The layers inside a use of a block, each with its output, its cost and its statistics. A click on a row enters the block. */
import * as l10n from '@vscode/l10n';
import { counted, countText, shortShapeText } from '../../engine/schema/text.ts';
import { briefStats, statsBadges, worstTone } from '../../engine/stats/format.ts';
import { layersInside, nameInside } from '../../engine/stats/inside.ts';
import { enterBlock } from '../canvas/blockActions.ts';
import { fullName, select } from '../model/editor.ts';
import type { NetworkView } from '../model/network.ts';
import { useRun } from '../model/run.ts';
import { drawingOf } from '../model/unfolding.ts';
import { Section } from './Section.tsx';

/** The most rows of a table, because a block may expand to thousands of layers. */
const mostRows = 200;

interface PartsTableProps {
  readonly view: NetworkView;
  /** A use of a block. */
  readonly name: string;
}

export function PartsTable({ view, name }: PartsTableProps) {
  const use = fullName(view, name);
  const stats = useRun((run) => run.stats);
  const parts = layersInside(
    view.whole.graph.layers.map((layer) => layer.name),
    use,
  );
  if (parts.length === 0) return null;
  return (
    <Section title={l10n.t('Inside')}>
      <table className="parts">
        <tbody>
          {parts.slice(0, mostRows).map((part) => {
            const { definition, inferred } = view.whole.graph.byName.get(part)!;
            const count = view.whole.summaries.get(part)?.parameters ?? 0;
            const own = Object.hasOwn(stats, part) ? stats[part] : undefined;
            const tone = own && worstTone(statsBadges(own));
            const about = [
              definition.label,
              shortShapeText(inferred.output),
              ...(count > 0 ? [counted(count, 'parameters', countText(count))] : []),
            ];
            return (
              <tr key={part} title={about.join(' · ')}>
                <th scope="row">
                  <button type="button" onClick={() => show(view, name, part)}>
                    {nameInside(part, use)}
                  </button>
                </th>
                <td className={tone ?? ''}>{own ? briefStats(own) : about.slice(0, 2).join(' · ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {parts.length > mostRows && (
        <p className="muted">{l10n.t('{0} more layers', parts.length - mostRows)}</p>
      )}
    </Section>
  );
}

/** Enters the copy that contains it; for blocks within the block, enters the use there. */
function show(view: NetworkView, name: string, part: string): void {
  const [first, second] = nameInside(part, fullName(view, name)).split('/');
  const isRepeated = Number(drawingOf(view).byName.get(name)?.layer.given.repeat) > 1;
  enterBlock(name, isRepeated ? Number(first) : undefined);
  select([isRepeated ? second : first]);
}
