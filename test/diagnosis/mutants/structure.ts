/** Mistakes in the layers: activations, outputs, losses, widths, frozen layers, dropout, normalization. */
import {
  changeType,
  insertAfter,
  insertChain,
  removeLayer,
  setLoss,
  setTraining,
} from '../../../engine/diagnose/fixes.ts';
import { widths } from '../../../engine/diagnose/growth.ts';
import type { NetworkLook } from '../../../engine/diagnose/look.ts';
import {
  hasWeights,
  judged,
  leadingTo,
  mixesInputs,
  nextWeights,
  widthOf,
} from '../../../engine/diagnose/network.ts';
import type { FindingCode } from '../../../engine/diagnose/registry.ts';
import type { TypedLayer } from '../../../engine/graph/typed.ts';
import { losses } from '../../../engine/losses/registry.ts';
import type { Json } from '../../../engine/schema/attributes.ts';
import { all, attributes, each, firstOf, learnsLittle, type Mutation, type Operator } from './define.ts';

/** Activations between layers with weights. */
function hiddenActivations(look: NetworkLook): readonly TypedLayer[] {
  const { graph } = look.analysis;
  const ends = judged(look);
  return graph.layers.filter(
    ({ name, definition }) =>
      definition.category === 'activation' &&
      definition.elementwise &&
      !ends.has(name) &&
      nextWeights(graph, name).length > 0,
  );
}

const hiddenWeights = ({ analysis: { graph } }: NetworkLook): readonly TypedLayer[] =>
  graph.layers.filter((layer) => mixesInputs(layer) && nextWeights(graph, layer.name).length > 0);

const readsOf = ({ analysis }: NetworkLook) =>
  (analysis.spec.training?.losses ?? []).map((loss) => ({
    loss,
    ...losses.get(loss.type).reads(loss.attributes),
  }));

const replaced = (
  type: string,
  causes: readonly FindingCode[],
  given: { readonly [attribute: string]: Json } = {},
  name = `hidden activations are ${type}`,
): Operator => ({
  name,
  causes,
  symptoms: learnsLittle,
  mutate(look) {
    const edits = hiddenActivations(look).flatMap((layer) => [
      ...changeType(look, layer.name, type).map(({ edit }) => edit),
      ...Object.entries(given).map(([attribute, value]) => ({
        kind: 'setAttribute' as const,
        layer: layer.name,
        attribute,
        value,
      })),
    ]);
    return all(edits);
  },
});

/** An activation after each output that a loss reads so. */
const afterOutput = (
  type: string,
  isChosen: (reads: ReturnType<typeof readsOf>[number]) => boolean,
  causes: readonly FindingCode[] = ['output/lossMismatch'],
  name = `${type} after the output`,
): Operator => ({
  name,
  causes,
  symptoms: learnsLittle,
  mutate: (look) => {
    const chosen = readsOf(look).filter(isChosen);
    return chosen.length === 1 ? firstOf(insertAfter(look, chosen[0].loss.from.layer, type)) : undefined;
  },
});

/** The same loss type on the same output; not where the text would then have an error. */
const judgedBy = (
  type: string,
  isChosen: (reads: ReturnType<typeof readsOf>[number]) => boolean,
): Operator => ({
  name: `loss is ${type}`,
  causes: ['output/lossMismatch'],
  symptoms: [...learnsLittle, 'loss/initial', 'numbers/notFinite'],
  mutate(look) {
    const reads = readsOf(look);
    return reads.length === 1 && isChosen(reads[0]) ? firstOf(setLoss(look, 0, type)) : undefined;
  },
});

/** Layers inserted one after another after the last hidden layer. */
const deeper = (depth: number, type: string): Operator => ({
  name: `${depth} layers of ${type} more`,
  causes: [
    'gradient/vanishing',
    'gradient/exploding',
    'activation/saturated',
    'activation/notCentred',
    'relu/dead',
    'init/mismatch',
  ],
  symptoms: learnsLittle,
  mutate(look) {
    const last = hiddenActivations(look).findLast(({ inferred }) => inferred.output.length === 1);
    if (!last) return undefined;
    const block = [
      { type: 'dense', attributes: { units: Math.min(32, widthOf(last)) } },
      { type, attributes: {} },
    ];
    return firstOf(insertChain(look, last.name, Array.from({ length: depth }, () => block).flat(), ''));
  },
});

const after = (
  name: string,
  type: string,
  given: { readonly [attribute: string]: Json },
  causes: readonly FindingCode[],
  places: (look: NetworkLook) => readonly TypedLayer[],
): Operator => ({
  name,
  causes,
  symptoms: learnsLittle,
  // One at a time: two edits would choose the same new name.
  mutate: (look) => each(places(look).slice(-1), ({ name: layer }) => insertAfter(look, layer, type, given)),
});

const narrowed = (name: string, width: number, count: number | undefined): Operator => ({
  name,
  causes: ['structure/bottleneck', 'relu/dead'],
  symptoms: learnsLittle,
  mutate(look) {
    const names = new Set(
      hiddenWeights(look)
        .slice(count === undefined ? 0 : -count)
        .map((layer) => layer.name),
    );
    return attributes(look, (layer): { [attribute: string]: Json } =>
      names.has(layer.name)
        ? Object.fromEntries(
            widths.filter((key) => Number(layer.attributes[key]) > width).map((key) => [key, width]),
          )
        : {},
    );
  },
});

const frozen = (name: string, isFrozen: (layer: TypedLayer, look: NetworkLook) => boolean): Operator => ({
  name,
  causes: ['structure/frozen', 'structure/nothingTrains'],
  symptoms: learnsLittle,
  mutate(look) {
    const names = new Set(
      look.analysis.graph.layers
        .filter((layer) => hasWeights(layer) && isFrozen(layer, look))
        .map((layer) => layer.name),
    );
    return attributes(look, (layer): { [attribute: string]: Json } =>
      names.has(layer.name) ? { trainable: false } : {},
    );
  },
});

const isLast = ({ name }: TypedLayer, look: NetworkLook): boolean =>
  leadingTo(look.analysis.graph, judged(look)).find(mixesInputs)?.name === name;

const replacedRecurrence = (from: readonly string[], type: string): Operator => ({
  name: `${from.join(' and ')} replaced by ${type}`,
  causes: ['time/vanishing', 'time/exploding', 'gradient/exploding', 'activation/saturated'],
  symptoms: learnsLittle,
  mutate: (look) =>
    each(
      look.analysis.graph.layers.filter(({ spec }) => from.includes(spec.type)),
      ({ name }) => changeType(look, name, type),
    ),
});

const has =
  (attribute: string, value: Json) =>
  (look: NetworkLook): Mutation | undefined =>
    attributes(look, ({ attributes: own }): { [attribute: string]: Json } =>
      Object.hasOwn(own, attribute) && own[attribute] !== value ? { [attribute]: value } : {},
    );

const scores = ({ predictions }: { readonly predictions: string }) => predictions === 'scores';
const values = ({ predictions }: { readonly predictions: string }) => predictions === 'values';

export const structureOperators: readonly Operator[] = [
  replaced('linear', ['structure/noNonlinearity']),
  {
    name: 'hidden activations are missing',
    causes: ['structure/noNonlinearity'],
    symptoms: learnsLittle,
    mutate: (look) => each(hiddenActivations(look), ({ name }) => removeLayer(look, name)),
  },
  replaced('leakyRelu', ['structure/noNonlinearity'], { slope: 1 }, 'hidden leaky ReLUs have a slope of 1'),
  replaced('sigmoid', ['gradient/vanishing', 'activation/saturated', 'activation/notCentred']),
  replaced('hardSigmoid', [
    'gradient/vanishing',
    'activation/saturated',
    'activation/notCentred',
    'relu/dead',
  ]),
  replaced('softmax', ['structure/hiddenSoftmax']),
  replaced('softplus', ['activation/notCentred', 'gradient/exploding', 'activation/drift']),
  replaced('logSigmoid', ['activation/notCentred', 'activation/drift', 'gradient/vanishing']),
  replaced('relu', ['relu/dead', 'init/mismatch']),
  replaced('thresholdedRelu', ['relu/dead', 'gradient/vanishing'], { threshold: 3 }),
  replaced('softShrink', ['gradient/vanishing', 'relu/dead'], { threshold: 3 }),
  deeper(6, 'sigmoid'),
  deeper(12, 'tanh'),
  deeper(12, 'relu'),
  deeper(20, 'softsign'),
  afterOutput('softmax', scores),
  afterOutput('sigmoid', scores),
  afterOutput('relu', scores),
  afterOutput('tanh', scores),
  afterOutput('logSoftmax', ({ predictions }) => predictions === 'probabilities'),
  afterOutput('relu', values, ['output/lossMismatch', 'relu/dead'], 'relu after the values'),
  afterOutput('sigmoid', values, undefined, 'sigmoid after the values'),
  afterOutput('tanh', values, undefined, 'tanh after the values'),
  afterOutput('softmax', values, undefined, 'softmax after the values'),
  after('dropout of the output', 'dropout', { rate: 0.5 }, ['structure/dropoutTooHigh'], (look) =>
    look.analysis.graph.layers.filter((layer) => judged(look).has(layer.name)),
  ),
  {
    name: 'the softmax or sigmoid before the loss is missing',
    causes: ['output/lossMismatch'],
    symptoms: [...learnsLittle, 'loss/initial', 'numbers/notFinite'],
    mutate(look) {
      const ends = judged(look);
      return each(
        look.analysis.graph.layers.filter(({ name, definition }) => ends.has(name) && definition.produces),
        ({ name }) => removeLayer(look, name),
      );
    },
  },
  judgedBy('negativeLogLikelihood', ({ loss }) => loss.type === 'softmaxCrossEntropy'),
  judgedBy('meanSquaredError', scores),
  judgedBy('poisson', ({ loss, predictions }) => predictions === 'values' && loss.type !== 'poisson'),
  judgedBy('binaryCrossEntropy', ({ predictions }) => predictions === 'values'),
  narrowed('a bottleneck of one unit', 1, 1),
  narrowed('all hidden layers have one unit', 1, undefined),
  narrowed('all hidden layers have two units', 2, undefined),
  frozen('all layers but the last are frozen', (layer, look) => !isLast(layer, look)),
  frozen('the last layer is frozen', isLast),
  frozen('all layers are frozen', () => true),
  after(
    'dropout of 0.95 after a hidden layer',
    'dropout',
    { rate: 0.95 },
    ['structure/dropoutTooHigh'],
    hiddenActivations,
  ),
  after(
    'dropout of 0.8 after a hidden layer',
    'dropout',
    { rate: 0.8 },
    ['structure/dropoutTooHigh'],
    hiddenActivations,
  ),
  after('dropout of 0.9 after the input', 'dropout', { rate: 0.9 }, ['structure/dropoutTooHigh'], (look) =>
    look.analysis.graph.layers.filter(
      ({ definition, spec }) => definition.inputs?.length === 0 && spec.type === 'input',
    ),
  ),
  after(
    'noise of 5 after a hidden layer',
    'gaussianNoise',
    { std: 5 },
    ['structure/dropoutTooHigh', 'regularization/tooStrong'],
    hiddenActivations,
  ),
  after(
    'batch normalization that remembers too long',
    'batchNorm',
    { momentum: 0.99999 },
    ['batch/slowStatistics'],
    hiddenActivations,
  ),
  {
    name: 'batch normalization with batches of two',
    causes: ['batch/tooSmallForBatchNorm'],
    symptoms: learnsLittle,
    mutate(look) {
      const added = after('', 'batchNorm', {}, [], hiddenActivations).mutate(look)?.edit;
      return added && all([added, setTraining(['batchSize'], 2, '').edit]);
    },
  },
  after('batch normalization of the output', 'batchNorm', {}, ['output/lossMismatch'], (look) =>
    look.analysis.graph.layers.filter((layer) => judged(look).has(layer.name)),
  ),
  replacedRecurrence(['lstm', 'gru'], 'simpleRnn'),
  {
    name: 'gradient through one time step',
    causes: ['time/vanishing'],
    symptoms: learnsLittle,
    mutate: (look) =>
      attributes(look, ({ attributes: own }): { [attribute: string]: Json } =>
        Object.hasOwn(own, 'hiddenSize') && Object.hasOwn(own, 'truncate') ? { truncate: 1 } : {},
      ),
  },
  {
    name: 'gradient through three time steps',
    causes: ['time/vanishing'],
    symptoms: learnsLittle,
    mutate: (look) =>
      attributes(look, ({ attributes: own }): { [attribute: string]: Json } =>
        Object.hasOwn(own, 'hiddenSize') && Object.hasOwn(own, 'truncate') ? { truncate: 3 } : {},
      ),
  },
  {
    name: 'reads the next steps',
    causes: ['structure/seesFuture'],
    symptoms: [],
    planted: true,
    mutate: seesNext,
  },
  {
    name: 'strides of 3',
    causes: ['structure/skipsInputs'],
    symptoms: learnsLittle,
    mutate: has('stride', 3),
  },
  {
    name: 'strides of 4',
    causes: ['structure/skipsInputs'],
    symptoms: learnsLittle,
    mutate: has('stride', 4),
  },
  { name: 'pooling over 6 cells', causes: [], symptoms: learnsLittle, mutate: has('poolSize', 6) },
  {
    name: 'hidden layers have an eighth of their units',
    causes: ['structure/bottleneck', 'relu/dead'],
    symptoms: learnsLittle,
    mutate(look) {
      const names = new Set(hiddenWeights(look).map((layer) => layer.name));
      return attributes(look, (layer): { [attribute: string]: Json } =>
        names.has(layer.name)
          ? Object.fromEntries(
              widths
                .filter((key) => Number(layer.attributes[key]) > 8)
                .map((key) => [key, Math.round(Number(layer.attributes[key]) / 8)]),
            )
          : {},
      );
    },
  },
  {
    name: 'label smoothing 0.9',
    causes: ['regularization/tooStrong', 'output/lossMismatch'],
    symptoms: learnsLittle,
    mutate: (look) =>
      each(readsOf(look), ({ loss }) =>
        Object.hasOwn(loss.attributes, 'labelSmoothing') && !look.analysis.lossesAreListed
          ? [setTraining(['loss', 'labelSmoothing'], 0.9, '')]
          : [],
      ),
  },
];

/** Layers that predict the next step read in both directions. */
function seesNext(look: NetworkLook): Mutation | undefined {
  if (look.analysis.spec.training?.data.type !== 'text') return undefined;
  return attributes(look, ({ attributes: own }): { [attribute: string]: Json } => {
    if (own.causal === true) return { causal: false };
    if (own.padding === 'causal') return { padding: 'same' };
    return own.returnSequences === true && own.bidirectional === false && own.stateful !== true
      ? { bidirectional: true, mergeMode: 'sum' }
      : {};
  });
}
