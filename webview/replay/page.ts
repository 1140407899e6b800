/**
 * The page that replays a run in any browser: one file with picture, readings and player. It loads nothing and runs only our own
 * script. Names and messages of a network stay text.
 */
import { analyze } from '../../engine/graph/analyze.ts';
import type { ReplayPages, ReplayPlayer, ReplaySource } from '../../engine/protocol/replayPage.ts';
import { oneLine } from '../../engine/schema/plainText.ts';
import type { OutputRef } from '../../engine/spec/reference.ts';
import { connectionsOf } from '../canvas/connections.ts';
import { toFlow } from '../model/flow.ts';
import { viewNetwork } from '../model/network.ts';
import { type Places, placeOfValue } from '../picture/card.ts';
import { dark, light, type PictureLook } from '../picture/looks.ts';
import { drawPicture } from '../picture/picture.ts';
import { element, xmlText } from '../picture/svg.ts';
import type { ReplayData } from './data.ts';
import { gather } from './gather.ts';
import { legendOf } from './legend.ts';

export const replays: ReplayPages = {
  async page(source, player) {
    const analysis = analyze(source.text);
    if (!analysis.readable) return undefined;
    const view = viewNetwork(source.text, 0, analysis);
    const direction = 'down';
    const flow = toFlow(view, direction);
    const beginnings = connectionsOf(flow, direction).map(({ edge }) => edge.from);
    const outputs = new Map(beginnings.map((from) => [keyOf(from), from]));
    const places = new Map([...outputs.keys()].map((key, index) => [key, index]));
    const sources = beginnings.map((from) => places.get(keyOf(from))!);
    const { layers, ...data } = await gather(source, view, [...outputs.values()], variables);
    const indices = new Map(layers.map(({ name }, index) => [name, index]));
    const { svg } = drawPicture({
      flow,
      direction,
      stats: undefined,
      look: variables,
      places: placesOf(indices),
    });
    const named = layers.map(({ name, kind }) => ({ name: plain(name), kind: plain(kind) }));
    return pageText(source, svg.replace(/^<\?xml[^>]*>\s*/, ''), { ...data, sources, layers: named }, player);
  },
};

/** Connections from one output look alike, and there may be many of them. */
const keyOf = ({ layer, output }: OutputRef): string => JSON.stringify([layer, output]);

/** One line of visible characters, because a table has no room for more of a name. */
const plain = (text: string): string => oneLine(text, 200);

/** Elements that the player finds by the index of their layer. */
const placesOf = (indices: ReadonlyMap<string, number>): Places => ({
  badge: (layer, place, x, width, y) => {
    const where = { 'data-layer': indices.get(layer), 'data-place': place, y, 'font-size': 11 };
    const { x: begin, end } = placeOfValue(place, x, width);
    return (
      element('text', { ...where, class: 'badge-label', x, fill: variables.muted }, '') +
      element(
        'text',
        { ...where, class: 'badge-value', x: begin, 'text-anchor': end ? 'end' : undefined },
        '',
      )
    );
  },
  mark: (layer, width, height) =>
    element('rect', { width, height, class: 'mark-ground', 'data-layer': indices.get(layer), fill: 'none' }) +
    element('rect', { width, height, class: 'mark', 'data-layer': indices.get(layer), fill: 'none' }),
  cover: (layer, width, height) =>
    element('rect', { width, height, class: 'cover', 'data-layer': indices.get(layer), fill: 'none' }),
});

const colours = Object.keys(light).filter((name) => name !== 'categories') as Exclude<
  keyof PictureLook,
  'categories'
>[];

/** The look of the page's picture: its colours follow those of the browser. */
const variables: PictureLook = {
  ...(Object.fromEntries(colours.map((name) => [name, `var(--${name})`])) as Record<
    (typeof colours)[number],
    string
  >),
  categories: Object.fromEntries(
    Object.keys(light.categories).map((name) => [name, `var(--category-${name})`]),
  ),
};

const declarations = (look: PictureLook): string =>
  [
    ...colours.map((name) => `--${name}:${look[name]}`),
    ...Object.entries(look.categories).map(([name, colour]) => `--category-${name}:${colour}`),
    `--chart-train:${look.categories.core}`,
    `--chart-test:${look.categories.recurrent}`,
    `--chart-grid:${look.border}66`,
    `--chart-text:${look.muted}`,
    `--chart-mark:${look.text}`,
  ].join(';');

const looks = `:root{${declarations(light)}}@media (prefers-color-scheme:dark){:root{${declarations(dark)}}}`;

/** JSON that neither ends a script element nor begins a comment in one. */
const embedded = (data: object): string => JSON.stringify(data).replaceAll('<', '\\u003c');

function pageText({ name }: ReplaySource, svg: string, data: ReplayData, player: ReplayPlayer): string {
  const style = looks + player.style;
  const { script, hash } = player;
  if (/<\/(?:script|style)/i.test(style + script))
    throw new Error('internal error: the player would end its own element');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash(script)}'`,
    `style-src 'sha256-${hash(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const title = xmlText(name);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Netloom</title>
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1><p id="summary"></p></header>
<main>
<div id="network">
<div id="graph" role="img" aria-label="${title}">${svg}</div>
${legendOf(data.lines)}
</div>
<div id="replay"><noscript>This page replays a training, which needs JavaScript.</noscript></div>
</main>
<footer id="controls"></footer>
<script type="application/json" id="data">${embedded(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}
