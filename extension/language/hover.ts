/** Hovering over a layer: its shapes and parameters, what it does, and what its last figures mean. */
import * as vscode from 'vscode';
import { layerText } from '../../engine/graph/layerText.ts';
import type { Analysis, TypedLayer } from '../../engine/graph/typed.ts';
import { shapeText } from '../../engine/schema/text.ts';
import { layerAt, type Networks, toRange } from '../networks.ts';
import { documentation, hover, markdown } from '../shown/shown.ts';
import type { Sessions } from '../training/sessions.ts';
import { statsNote, statsTable } from './statsTable.ts';

export class NetworkHoverProvider implements vscode.HoverProvider {
  constructor(
    readonly networks: Networks,
    readonly sessions: Sessions,
  ) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const analysis = this.networks.analysis(document);
    const offset = document.offsetAt(position);
    const name = layerAt(analysis, offset);
    const layer = name === undefined ? undefined : analysis.graph.byName.get(name);
    const ranges = name === undefined ? undefined : analysis.layerRanges.get(name);
    if (!layer || !ranges) return undefined;
    const onName = offset >= ranges.name.start - 1 && offset <= ranges.name.end;
    const text = layerText(document.getText(), analysis, layer.name);
    const history = this.sessions.history(document.uri);
    const found = history?.statsOf(layer.name, text);
    const parts = [headline(layer, analysis)];
    if (found) parts.push(statsTable(found.stats, statsNote(found.stale, history?.earlier)));
    if (onName) parts.push(documentation(layer.definition.doc));
    return hover(parts, toRange(document, onName ? ranges.name : ranges.whole));
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
