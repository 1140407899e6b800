/** The reference under docs/reference/, generated from the definitions: everything that a spec may contain, and its meaning. */
import { datasets } from '../data/registry.ts';
import { initializers } from '../initializers/registry.ts';
import { losses } from '../losses/registry.ts';
import { metrics } from '../metrics/registry.ts';
import { optimizers } from '../optimizers/registry.ts';
import { schedules } from '../schedules/registry.ts';
import { blockPage } from './blockPage.ts';
import { findingsPage } from './findings.ts';
import { formatPage } from './format.ts';
import { kindPage, type ReferencePage } from './kinds.ts';
import { layerPage } from './layers.ts';
import { preflightPage } from './preflight.ts';
import { statisticsPage } from './statistics.ts';

const listed = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(', ');

/** Pages by their file names. */
const kindPages = (): { readonly [file: string]: ReferencePage } => ({
  'layers.md': layerPage(),
  'losses.md': lossPage(),
  'optimizers.md': optimizerPage(),
  'schedules.md': schedulePage(),
  'initializers.md': initializerPage(),
  'metrics.md': metricPage(),
  'datasets.md': datasetPage(),
  'statistics.md': statisticsPage(),
});

/** Every page by its file name. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', formatPage()],
    ['blocks.md', blockPage()],
    ...Object.entries(kindPages()).map(([file, { text }]): [string, string] => [file, text]),
    ['preflight.md', `${preflightPage()}\n`],
    ['findings.md', `${findingsPage()}\n`],
  ]);

/** Made once: the pages never change while the program runs. */
let sections: ReferencePage['sections'] | undefined;

/** What the pages say about a type. Several pages may have one with the same name. */
export function explanations(type: string): ReferencePage['sections'] {
  sections ??= Object.values(kindPages()).flatMap((page) => page.sections);
  return sections.filter((section) => section.type === type);
}

const lossPage = (): ReferencePage =>
  kindPage({
    title: 'Losses',
    introduction: `The value that training minimizes. A loss names the layer whose output it judges. Several losses are written as a list, and training minimizes
their weighted sum. In addition to the attributes listed here, every loss has the [common ones](README.md#losses).

\`\`\`jsonc
"loss": { "type": "softmaxCrossEntropy", "from": "logits", "labelSmoothing": 0.1 }
\`\`\``,
    groups: [{ kinds: [...losses] }],
    facts: ({ metrics }) =>
      metrics.length === 0
        ? []
        : [`Reported with it, unless the spec names [metrics](metrics.md): ${listed(metrics)}.`],
  });

const optimizerPage = (): ReferencePage =>
  kindPage({
    title: 'Optimizers',
    introduction: `How parameters w are updated from their gradients g. A [schedule](schedules.md) may change the learning rate over the run.

\`\`\`jsonc
"optimizer": { "type": "sgd", "learningRate": 0.05, "momentum": 0.9 }
\`\`\``,
    groups: [{ kinds: [...optimizers] }],
  });

const schedulePage = (): ReferencePage =>
  kindPage({
    title: 'Schedules',
    introduction: `How the learning rate changes over the run: a factor on the [optimizer's](optimizers.md) \`learningRate\`.

\`\`\`jsonc
"schedule": { "type": "cosine", "warmupEpochs": 1 }
\`\`\``,
    groups: [{ kinds: [...schedules] }],
  });

const initializerPage = (): ReferencePage =>
  kindPage({
    title: 'Initializers',
    introduction: `How the parameters of a layer start. An initializer is an attribute of a [layer](layers.md), written as a name or, with
attributes, as an object. *fanIn* is the number of inputs of a unit; *fanOut* is the number of units that read one input.

\`\`\`jsonc
"hidden": { "type": "dense", "from": "x", "units": 64, "kernelInitializer": "heNormal" },
"logits": { "type": "dense", "from": "hidden", "units": 10, "kernelInitializer": { "type": "normal", "std": 0.01 } }
\`\`\``,
    groups: [{ kinds: [...initializers] }],
  });

const metricPage = (): ReferencePage =>
  kindPage({
    title: 'Metrics',
    introduction: `Numbers that judge a network, measured on all samples of a split after each epoch. They do not influence the training.

\`\`\`jsonc
"metrics": ["accuracy", { "type": "topK", "k": 3 }]
\`\`\``,
    groups: [{ kinds: [...metrics] }],
    facts: ({ higherIsBetter, unit }) => [
      `${higherIsBetter ? 'Higher' : 'Lower'} is better.${unit === 'share' ? ' Shown in per cent.' : ''}`,
    ],
  });

const datasetPage = (): ReferencePage =>
  kindPage({
    title: 'Datasets',
    introduction: `Where the samples come from. Paths are relative to the file of the network. The shape of the first input layer is that of the dataset's samples.

\`\`\`jsonc
"data": { "type": "csv", "file": "iris.csv", "target": "species" }
\`\`\``,
    groups: [{ kinds: [...datasets] }],
  });
