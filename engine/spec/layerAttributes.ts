/** Attributes of every layer, in addition to its type and the attributes of that type. */
import * as l10n from '@vscode/l10n';
import { type Attribute, boolean, fail, type Json, number, optional, text } from '../schema/attributes.ts';
import { readEach } from '../schema/reading.ts';
import type { OutputRef } from './document.ts';
import { outputReference } from './reference.ts';

const one = outputReference({ doc: 'The layer whose output it reads.' });

/** "a" or ["a", "b.state"]. Absent for a layer that reads nothing. */
export const fromAttribute: Attribute<readonly OutputRef[]> = {
  doc: 'The layers whose outputs it reads: a name, or a list of names in the order of its inputs.',
  default: [],
  names: 'output',
  item: one,
  control: { kind: 'json' },
  schema: {
    description: 'The layers whose outputs it reads: a name, or a list of names in the order of its inputs.',
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  },
  read(value: Json) {
    if (typeof value !== 'string' && !Array.isArray(value))
      return fail(() => l10n.t('the name of a layer in quotes, or a list of such names'), value);
    if (typeof value === 'string') {
      const reading = one.read(value);
      return 'value' in reading ? { value: [reading.value] } : reading;
    }
    return readEach(value, (entry) => one.read(entry));
  },
};

export const commonLayerAttributes = {
  bypass: boolean({
    default: false,
    doc: 'Pass the first input on unchanged, as if the layer were not there. Its parameters take no part in training.',
  }),
  trainable: boolean({ default: true, doc: 'Update its parameters in training. Off freezes them.' }),
  l1: number({
    min: 0,
    default: 0,
    doc: 'Weight of the penalty Σ|w| of its parameters, which drives them to zero.',
  }),
  l2: number({
    min: 0,
    default: 0,
    doc: 'Weight of the penalty Σw² of its parameters, which keeps them small.',
  }),
  shares: optional({
    ...text({ doc: 'Name of the layer whose parameters it uses instead of its own.' }),
    names: 'layer' as const,
  }),
};
