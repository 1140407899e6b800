/** Hovers: the shapes, parameters and statistics of a layer, and the meaning of types, attributes and sections. */
import * as vscode from 'vscode';
import { layerText } from '../../engine/graph/layerText.ts';
import type { Analysis, TypedLayer } from '../../engine/graph/typed.ts';
import { explain } from '../../engine/language/explain.ts';
import { layerNamed, occurrenceAt } from '../../engine/language/layerNames.ts';
import { shapeText } from '../../engine/schema/text.ts';
import type { Range } from '../../engine/spec/document.ts';
import { layerAt, type Networks, toRange } from '../networks.ts';
import { documentation, hover, image, isDark, markdown } from '../shown/shown.ts';
import type { Runs } from '../training/runs.ts';
import { statsPicture } from './statsPicture.ts';
import { statsNote, statsTable } from './statsTable.ts';

export class NetworkHoverProvider implements vscode.HoverProvider {
  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
  ) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const network = this.networks.network(document);
    if (!network) return undefined;
    const analysis = this.networks.analysis(document);
    const offset = document.offsetAt(position);
    const name = occurrenceAt(network, offset);
    const meant = name && layerNamed(network, name);
    const named = meant === undefined ? undefined : analysis.graph.byName.get(meant);
    if (name && named) return this.#ofLayer(document, analysis, named, name.range, true);
    const found = explain(network, offset);
    if (found) return hover([documentation(found.doc)], toRange(document, found.range));
    const around = layerAt(analysis, offset);
    const layer = around === undefined ? undefined : analysis.graph.byName.get(around);
    const ranges = around === undefined ? undefined : analysis.layerRanges.get(around);
    return layer && ranges && this.#ofLayer(document, analysis, layer, ranges.whole, false);
  }

  #ofLayer(
    document: vscode.TextDocument,
    analysis: Analysis,
    layer: TypedLayer,
    range: Range,
    explained: boolean,
  ): vscode.Hover {
    const text = layerText(document.getText(), analysis, layer.name);
    const record = this.runs.record(document.uri);
    const found = record?.statsOf(layer.name, text);
    const parts = [headline(layer, analysis)];
    if (found) {
      parts.push(statsTable(found.stats, statsNote(found.stale, record?.earlier)));
      const picture = statsPicture(found.stats, isDark());
      if (picture)
        parts.push(
          image(
            picture,
            vscode.l10n.t('Histograms and curves over time; the inspector describes them in words'),
          ),
        );
    }
    if (explained) parts.push(documentation(layer.definition.doc));
    return hover(parts, toRange(document, range));
  }
}

function headline(layer: TypedLayer, { summaries }: Analysis): vscode.MarkdownString {
  const inputs = layer.inputShapes.map(shapeText).join(', ');
  const shapes = [inputs, shapeText(layer.inferred.output)].filter(Boolean).join(' → ');
  const count = summaries.get(layer.name)?.parameters ?? 0;
  const parameters =
    count === 0
      ? ''
      : ` · ${vscode.l10n.t('{0} parameters', new Intl.NumberFormat(vscode.env.language).format(count))}`;
  return markdown`**${layer.name}** · ${documentation(`${layer.definition.label} · ${shapes}${parameters}`)}`;
}
