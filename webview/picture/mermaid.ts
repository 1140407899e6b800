/** A network as a Mermaid flowchart, which GitHub, GitLab and many notebooks draw from text. */
import { oneLine } from '../../engine/schema/plainText.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { NetworkStats } from '../../engine/stats/define.ts';
import type { Flow, FlowEdge, FlowNode } from '../model/flow.ts';
import type { Direction } from '../model/geometry.ts';
import { badgeAt, cardPlaces, copiesOf, describe, shapeOf } from './card.ts';
import { light } from './looks.ts';

/** Keeps a value on the line of its sign when Mermaid breaks lines. */
const noBreak = '\u00A0';

/** Most characters of one line of a box. */
const longest = 80;

/** Replaces characters that Mermaid or HTML could interpret with Mermaid's entities. */
const inLabel = (text: string): string =>
  oneLine(text, longest).replace(
    /[^\p{L}\p{N} \u00A0.,:;·×→…_+=()/~-]/gu,
    (sign) => `#${sign.codePointAt(0)};`,
  );

export function drawMermaid(flow: Flow, direction: Direction, stats: NetworkStats | undefined): string {
  // Names may be words of Mermaid, so boxes are numbered.
  const ids = new Map(flow.nodes.map(({ id }, index) => [id, `layer${index + 1}`]));
  const categories = new Map<string, string[]>();
  for (const { id, layer, frame } of flow.nodes) {
    if (frame) continue;
    const category = layer.definition?.category ?? 'unknown';
    categories.set(category, [...(categories.get(category) ?? []), ids.get(id)!]);
  }
  const lines = [
    `flowchart ${direction === 'down' ? 'TD' : 'LR'}`,
    ...boxes(flow.nodes, ids, stats),
    ...flow.edges.map((edge) => `  ${ids.get(edge.from.layer)} ${arrow(edge)} ${ids.get(edge.end.to)}`),
    ...[...categories].flatMap(([category, members]) => [
      `  classDef ${category} stroke:${light.categories[category] ?? light.muted},stroke-width:2px`,
      `  class ${members.join(',')} ${category}`,
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A frame is a subgraph. The layers of a frame follow it. */
function boxes(
  nodes: readonly FlowNode[],
  ids: ReadonlyMap<string, string>,
  stats: NetworkStats | undefined,
): string[] {
  let depth = 0;
  const endTo = (least: number): string[] => {
    const ends: string[] = [];
    for (; depth > least; depth--) ends.push(`${'  '.repeat(depth)}end`);
    return ends;
  };
  const lines = nodes.flatMap((node) => {
    const before = endTo(node.frames.length);
    const box = `${'  '.repeat(depth + 1)}${node.frame ? 'subgraph ' : ''}${ids.get(node.id)}["${labelOf(node, stats)}"]`;
    if (node.frame) depth++;
    return [...before, box];
  });
  return [...lines, ...endTo(0)];
}

function labelOf({ layer, title }: FlowNode, stats: NetworkStats | undefined): string {
  const own = stats && Object.hasOwn(stats, layer.name) ? stats[layer.name] : undefined;
  const badges = own
    ? [...cardPlaces, 'share']
        .flatMap((place) => badgeAt(own, place) ?? [])
        .map(({ label, value }) => `${label} ${value.trim()}`.replaceAll(' ', noBreak))
    : [];
  const lines = [`${title} ${copiesOf(layer)}`.trim(), describe(layer), shapeOf(layer), badges.join('  ')];
  return lines
    .filter((line) => line !== '')
    .map(inLabel)
    .join('<br>');
}

function arrow({ from: { output }, reshaped, shape }: FlowEdge): string {
  const parts = [output ?? '', reshaped && shape ? shortShapeText(shape) : ''].filter((part) => part !== '');
  return parts.length === 0 ? '-->' : `-- "${parts.map(inLabel).join(' ')}" -->`;
}
