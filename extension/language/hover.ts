/** Hovers: the shapes, parameters and statistics of a layer, and the meaning of types, attributes and sections. */
import * as vscode from 'vscode';
import { firstUses } from '../../engine/graph/inside.ts';
import { layerShapes, layerText } from '../../engine/graph/layerText.ts';
import type { Analysis, TypedLayer } from '../../engine/graph/typed.ts';
import { explain } from '../../engine/language/explain.ts';
import { layerNamed, type Occurrence, occurrenceAt } from '../../engine/language/layerNames.ts';
import { counted, countText, shapeText } from '../../engine/schema/text.ts';
import { blockParameter } from '../../engine/spec/blockKinds.ts';
import type { LayerSpec, Range } from '../../engine/spec/document.ts';
import { layersInside, nameInside, worstInside } from '../../engine/stats/inside.ts';
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
    if (name?.kind === 'block') return ofBlock(document, analysis, name);
    const parameter = name && parameterNamed(analysis, name);
    if (name && parameter) return ofParameter(document, parameter, name);
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
    const record = this.runs.shown(document.uri);
    const statsOf = (name: string) =>
      record?.statsOf(name, layerText(document.getText(), analysis, name), layerShapes(analysis, name));
    const own = statsOf(layer.name);
    const running = analysis.graph.layers.map(({ name }) => name);
    const inside = layersInside(running, layer.name);
    const worst = own || !record ? undefined : worstInside(running, layer.name, statsOf);
    const found = own ?? worst?.found;
    const parts = [headline(layer, analysis)];
    if (inside.length > 0) parts.push(contents(layer.name, inside, analysis));
    if (worst)
      parts.push(
        markdown`${documentation(vscode.l10n.t('Statistics of the inner layer in the worst state:'))} ${nameInside(worst.layer, layer.name)}`,
      );
    if (found) {
      parts.push(statsTable(found.stats, statsNote(found.stale, record?.of)));
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

const parameterNamed = ({ spec }: Analysis, { block, name }: Occurrence): LayerSpec | undefined =>
  spec.blocks.get(block ?? '')?.layers.find((layer) => layer.name === name && layer.kind === blockParameter);

/** The hover of a block's parameter: at its definition, where a layer names it, and where a use sets it. */
function ofParameter(
  document: vscode.TextDocument,
  { given }: LayerSpec,
  { name, block, range }: Occurrence,
) {
  const value = JSON.stringify(given.default) ?? '?';
  return hover(
    [
      markdown`**${name}** · ${documentation(vscode.l10n.t('Parameter of the block'))} ${block ?? ''} · ${documentation(vscode.l10n.t('default'))} ${value}`,
      documentation(blockParameter.doc),
    ],
    toRange(document, range),
  );
}

/** The hover of a block's name: its layers, with the shapes of its first use. */
function ofBlock(
  document: vscode.TextDocument,
  analysis: Analysis,
  { name, range }: Occurrence,
): vscode.Hover {
  const uses = analysis.spec.layers.filter(({ type }) => type === name).length;
  const inner = [...analysis.spec.blocks.values()].flatMap(({ layers }) =>
    layers.filter(({ type }) => type === name),
  );
  const count = uses + inner.length;
  const used = count === 1 ? vscode.l10n.t('used once') : vscode.l10n.t('used {0} times', count);
  const parts = [markdown`**${name}** · ${documentation(`${vscode.l10n.t('Block')} · ${used}`)}`];
  const prefix = firstUses(analysis.graph).get(name);
  if (prefix !== undefined) {
    const use = prefix.slice(0, -1);
    parts.push(
      contents(
        use,
        layersInside(
          analysis.graph.layers.map((layer) => layer.name),
          use,
        ),
        analysis,
      ),
    );
  }
  return hover(parts, toRange(document, range));
}

/** The most layers of a block that a hover lists. */
const mostListed = 24;

/** The layers inside a use of a block, one line for each. */
function contents(
  use: string,
  inside: readonly string[],
  { graph, summaries }: Analysis,
): vscode.MarkdownString {
  const lines = inside.slice(0, mostListed).map((name) => {
    const layer = graph.byName.get(name)!;
    const count = summaries.get(name)?.parameters ?? 0;
    const parameters = count === 0 ? '' : ` · ${counted(count, 'parameters', countText(count))}`;
    const shape = shapeText(layer.inferred.output);
    return markdown`- ${nameInside(name, use)} ${documentation(`· ${layer.definition.label} → ${shape}${parameters}\n`)}`;
  });
  const left = inside.length - lines.length;
  const more = left > 0 ? [documentation(`- ${vscode.l10n.t('{0} more', left)}\n`)] : [];
  return documentation([...lines, ...more].map(({ value }) => value).join(''));
}

function headline(layer: TypedLayer, { summaries }: Analysis): vscode.MarkdownString {
  const inputs = layer.inputShapes.map(shapeText).join(', ');
  const shapes = [inputs, shapeText(layer.inferred.output)].filter(Boolean).join(' → ');
  const count = summaries.get(layer.name)?.parameters ?? 0;
  const parameters =
    count === 0
      ? ''
      : ` · ${counted(count, 'parameters', new Intl.NumberFormat(vscode.env.language).format(count))}`;
  const { definition } = layer;
  // The name of a block is text of the network.
  const kind = definition.category === 'block' ? definition.type : documentation(definition.label);
  return markdown`**${layer.name}** · ${kind} ${documentation(`· ${shapes}${parameters}`)}`;
}
