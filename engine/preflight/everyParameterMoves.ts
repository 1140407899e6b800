/** Whether training changes every parameter that it should. */
import * as l10n from '@vscode/l10n';
import { definePreflightCheck } from './define.ts';
import { runSteps } from './subject.ts';

const steps = 10;

export const everyParameterMoves = definePreflightCheck({
  key: 'everyParameterMoves',
  title: 'Every parameter moves',
  doc: `A trainable parameter that never changes has no gradient, or its updates are lost in rounding. Its layer is not connected to a loss, its units are dead, or the learning rate is too small. After ${steps} steps on the training data, every trainable tensor must have changed.`,
  run: (subject) =>
    subject.train({}, (training) => {
      const { runtime } = training.parts;
      const tensors = runtime.plan.layers.flatMap(({ layer, parameters }) => {
        const { trainable, shares } = layer.spec.common;
        if (!trainable || shares !== undefined) return [];
        return Object.entries(parameters).map(([parameter, id]) => {
          const { data } = runtime.tensor(id);
          return { layer: layer.name, parameter, data, before: data.slice() };
        });
      });
      if (tensors.length === 0)
        return { outcome: 'skipped', message: l10n.t('This network has no parameter to train.') };
      runSteps(training, steps);
      const still = tensors.filter(({ data, before }) => data.every((value, i) => value === before[i]));
      if (still.length === 0)
        return {
          outcome: 'passed',
          message:
            tensors.length === 1
              ? l10n.t('The only trainable tensor changed in {0} steps.', steps)
              : l10n.t('All {0} trainable tensors changed in {1} steps.', tensors.length, steps),
        };
      const [{ layer }] = still;
      return {
        outcome: 'failed',
        message: l10n.t(
          'After {0} steps these have not changed: {1}. No gradient reaches them. Connect them to a loss, look for dead units after them, or freeze them ("trainable": false).',
          steps,
          still.map((tensor) => `${tensor.layer}.${tensor.parameter}`).join(', '),
        ),
        path: ['layers', layer],
      };
    }),
});
