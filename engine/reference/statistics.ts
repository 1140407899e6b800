/** The reference page of the statistics of layers during training. */
import { layers } from '../layers/registry.ts';
import type { Place, Shape, StatisticDefinition } from '../schema/statistic.ts';
import { measuredOf, statistics } from '../stats/registry.ts';
import { blocks, generatedNote, type ReferencePage } from './kinds.ts';

const headings: { readonly [P in Place]: string } = {
  activation: 'Activation',
  gradient: 'Gradient',
  update: 'Update',
  layer: 'Single layers',
};

const shapes: { readonly [S in Shape]: string } = {
  number: 'a number',
  share: 'a share, from 0 to 1',
  series: 'a list of numbers, one for each time step',
  shares: 'shares of one whole, by row and part',
  numbers: 'a number for each parameter, by name',
  channels: 'a list of numbers, one for each channel',
  histogram:
    '`counts` of equally wide bins from `low` to `high`, which are powers of ten where `scale` is "log"; beside them `zeros` and `notFinite`',
  pictures:
    'sets of pictures by name, each of `rows` × `columns` characters in `pixels`; a character c stands for (code of c − 80) / 45 · `limit`, and "~" for what is not finite',
  tracks: 'lists of numbers, one for each time step, by row and part',
};

const introduction = `What Netloom measures in each layer during training. It measures a few steps a second, and each statistic is that of the last
step that was measured, unless it says otherwise here. Steps that only pad a sequence to the length of the longest are left out.

Each layer's line in the text, its card in the graph, its hover and the inspector show them; \`netloom train --json\` and the log of a run
have them in events \`stats\`, under the layer's name and the path given here.`;

export function statisticsPage(): ReferencePage {
  const title = 'Statistics';
  const groups = Object.entries(headings).map(([place, heading]) => ({
    heading,
    members: statistics.filter(({ at }) => at === place),
  }));
  const contents = groups.map(
    ({ heading, members }) =>
      `- **${heading}:** ${members.map(({ key }) => `[${key}](#${key.toLowerCase()})`).join(' · ')}`,
  );
  const sections = groups.flatMap(({ heading, members }) => [
    `## ${heading}`,
    ...members.map((one) => section(one as StatisticDefinition)),
  ]);
  return {
    text: `${blocks(generatedNote, `# ${title}`, introduction, contents.join('\n'), ...sections)}\n`,
    sections: statistics.map((one) => ({
      page: title,
      type: one.key,
      text: section(one as StatisticDefinition),
    })),
  };
}

function section(statistic: StatisticDefinition): string {
  const { key, doc, at, shape, words } = statistic;
  const shown = words?.();
  const facts = [
    `In the log: \`${at === 'layer' ? key : `${at}.${key}`}\`, ${shapes[shape]}.`,
    shown ? `In views: **${shown.label}**. ${shown.meaning}` : 'In the log only.',
    layersOf(statistic),
  ];
  return blocks(
    `### ${key}`,
    shown ? `*${shown.name}*` : '',
    doc,
    facts
      .filter(Boolean)
      .map((fact) => `- ${fact}`)
      .join('\n'),
  );
}

/** Nothing for a statistic of all layers. */
function layersOf(statistic: StatisticDefinition): string {
  const { appliesTo } = statistic as { appliesTo?(definition: unknown): boolean };
  const types = layers.types.filter((type) => {
    const definition = layers.get(type);
    if (appliesTo) return appliesTo(definition);
    return measuredOf(definition).some(({ key }) => key === statistic.key);
  });
  return types.length > 0
    ? `Of layers: ${types.map((type) => `[${type}](layers.md#${type.toLowerCase()})`).join(', ')}.`
    : '';
}
