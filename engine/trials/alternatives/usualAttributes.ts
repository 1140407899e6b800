/** The default values of attributes that no other alternative restores: gaps in windows, groups, slopes, ranges, missing biases. */
import * as l10n from '@vscode/l10n';
import { changeWritten, together } from '../../diagnose/fixes.ts';
import { isRequired } from '../../schema/attributes.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import { type Alternative, always, defineAlternative } from './define.ts';

/** Each attribute is reset by a change of its own, in all layers that have it. */
const resetting = (code: string, attributes: readonly string[]): Alternative =>
  defineAlternative({
    code: always(code),

    changes: (look) =>
      attributes.flatMap((attribute) => {
        const edits = changeWritten(look, ({ name: layer, given, kind }): SpecEdit[] => {
          const declared = kind?.attributes[attribute];
          return declared && !isRequired(declared) && isUnusual(given[attribute], declared.default)
            ? [{ kind: 'setAttribute', layer, attribute, value: undefined }]
            : [];
        });
        return edits.length === 0
          ? []
          : [{ title: l10n.t('Reset "{0}" of all layers', attribute), edit: together(edits) }];
      }),
  });

const isUnusual = (given: unknown, usual: unknown): boolean =>
  given !== undefined && String(given) !== String(usual);

export const usualWindows = resetting('structure/skipsInputs', ['dilation']);
export const usualGroups = resetting('structure/bottleneck', ['groups', 'heads']);
export const usualSlopes = resetting('structure/noNonlinearity', ['slope', 'lower', 'upper', 'initialSlope']);
export const usualRanges = resetting('activation/saturated', ['low', 'high', 'alpha', 'beta']);
export const usualMemory = resetting('time/vanishing', ['unitForgetBias', 'goBackwards']);
export const usualStatistics = resetting('batch/slowStatistics', ['momentum']);
/** Missing offsets and scales, and what else changes what a layer can compute. */
export const usualParameters = resetting('fit/underfitting', [
  'useBias',
  'scale',
  'center',
  'epsilon',
  'axes',
  'mergeMode',
  'stateful',
]);
