/** The "training" section: one attribute table, from which reading, completion, forms and documentation follow. */
import * as l10n from '@vscode/l10n';
import { datasets } from '../data/registry.ts';
import { losses } from '../losses/registry.ts';
import { metrics } from '../metrics/registry.ts';
import { optimizers } from '../optimizers/registry.ts';
import { schedules } from '../schedules/registry.ts';
import {
  type Attribute,
  boolean,
  integer,
  type Json,
  list,
  number,
  optional,
  type Reading,
  readTable,
  record,
  text,
  type Values,
} from '../schema/attributes.ts';
import { kindOf, kindSchema } from '../schema/kind.ts';
import { nearest } from '../schema/nearest.ts';
import { readEach } from '../schema/reading.ts';
import type { LossSpec, TrainingSpec } from './document.ts';
import { outputReference } from './reference.ts';

/** Attributes of every loss, in addition to its type and the attributes of that type. */
export const commonLossAttributes = {
  from: outputReference({ doc: 'The layer whose output is compared with the target.' }),
  weight: number({ min: 0, default: 1, doc: 'Its share in the sum of losses.' }),
  target: optional(
    text({ doc: "Name of the dataset's target. Default: the one at the same place in the list." }),
  ),
};

const lossSchema = kindSchema(
  losses,
  Object.fromEntries(Object.entries(commonLossAttributes).map(([name, { schema }]) => [name, schema])),
  ['from'],
);

const oneLoss: Attribute<LossSpec> = {
  doc: 'The value that training minimizes.',
  control: { kind: 'kind', registry: losses, common: commonLossAttributes },
  schema: lossSchema,
  read: readLoss,
};

const lossAttribute: Attribute<readonly LossSpec[]> = {
  doc: 'The value that training minimizes: one loss, or a list of losses on several outputs.',
  item: oneLoss,
  control: { kind: 'json' },
  schema: {
    description: 'The value that training minimizes: one loss, or a list of losses on several outputs.',
    if: { type: 'array' },
    // biome-ignore lint/suspicious/noThenProperty: the JSON Schema keyword.
    then: { items: lossSchema, minItems: 1 },
    else: lossSchema,
  },
  read(value) {
    if (!Array.isArray(value)) {
      const reading = readLoss(value);
      return 'problems' in reading ? reading : { value: [reading.value] };
    }
    if (value.length === 0)
      return {
        problems: [{ path: [], message: l10n.t('must have at least one loss, found an empty list') }],
      };
    return readEach(value, readLoss);
  },
};

function readLoss(value: Json): Reading<LossSpec> {
  const described = losses.read(value, Object.keys(commonLossAttributes));
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return 'problems' in described
      ? described
      : {
          problems: [
            {
              path: [],
              message: l10n.t(
                'needs the layer whose output it is computed from: { "type": "{0}", "from": "…" }',
                described.value.type,
              ),
            },
          ],
        };
  const common = readTable(commonLossAttributes, value, () => undefined);
  if ('value' in described && 'value' in common) return { value: { ...described.value, ...common.value } };
  return {
    problems: [described, common].flatMap((reading) => ('problems' in reading ? reading.problems : [])),
  };
}

export const trainingAttributes = {
  data: kindOf(datasets, { doc: 'Where the samples come from. Paths are relative to this file.' }),
  loss: lossAttribute,
  optimizer: kindOf(optimizers, { doc: 'How parameters are updated from their gradients.' }),
  schedule: optional(
    kindOf(schedules, { doc: 'How the learning rate changes over the run. Default: it does not change.' }),
  ),
  metrics: optional(
    list(kindOf(metrics, { doc: 'A number to judge the network by.' }), {
      doc: 'Numbers to judge the network by. Default: those that suit the loss.',
    }),
  ),
  batchSize: integer({ min: 1, default: 32, doc: 'Samples in one step.' }),
  epochs: integer({ min: 1, default: 5, doc: 'Passes over the training samples.' }),
  seed: integer({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    default: 1,
    doc: 'Start of every random draw: the same seed gives the same run.',
  }),
  clipNorm: optional(
    number({ above: 0, doc: 'Limit of the norm of all gradients together. Default: none.' }),
  ),
  clipValue: optional(number({ above: 0, doc: 'Limit of every single gradient. Default: none.' })),
  accumulate: integer({
    min: 1,
    default: 1,
    doc: 'Number of batches for one update. The update equals that of one batch with all their samples, but needs less memory. Layers that couple the samples of a batch, such as batchNorm, still use one batch at a time.',
  }),
  earlyStopping: optional(
    record(
      {
        patience: integer({ min: 1, default: 3, doc: 'Epochs without improvement before stopping.' }),
        minDelta: number({ min: 0, default: 0, doc: 'An improvement smaller than this does not count.' }),
        restoreBest: boolean({ default: true, doc: 'Restore the weights of the best epoch at the end.' }),
      },
      {
        doc: 'Stop when the test loss (without test data, the training loss) no longer falls. Default: run all epochs.',
      },
    ),
  ),
};

/** Reads a whole "training" section. */
export function readTraining(value: { readonly [name: string]: Json }): Reading<TrainingSpec> {
  const reading = readTable(trainingAttributes, value, unknownTrainingKey);
  if ('problems' in reading) return reading;
  const { loss, ...settings } = reading.value satisfies Values<typeof trainingAttributes>;
  return { value: { ...settings, losses: loss } };
}

const unknownTrainingKey = (name: string) => (): string => {
  const known = Object.keys(trainingAttributes);
  const near = nearest(name, known);
  return near
    ? l10n.t('there is no setting "{0}". Did you mean "{1}"?', name, near)
    : l10n.t('there is no setting "{0}". Known settings: {1}.', name, known.join(', '));
};
