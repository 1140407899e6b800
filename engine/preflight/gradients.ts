/** Whether backpropagation computes the slopes of the loss. */
import * as l10n from '@vscode/l10n';
import { purposeOf, Random } from '../kernels/random.ts';
import type { Runtime } from '../plan/runtime.ts';
import { counted } from '../schema/text.ts';
import { definePreflightCheck } from './define.ts';
import { loadFirstBatch } from './subject.ts';

const samples = 4;
const entriesEach = 3;
const tolerance = 1e-4;
const leastSlope = 1e-5;
/** Operations that all slopes together may take, forward passes on the reference backend. */
const budget = 4e9;

export const gradients = definePreflightCheck({
  key: 'gradients',
  title: 'Gradients agree with numeric ones',
  doc: `Backpropagation must give the slope of the loss. For up to ${entriesEach} entries of each trainable tensor, the gradient is compared with (loss(w + h) − loss(w − h)) / 2h, in float64 on ${samples} samples. Entries at a kink, such as that of ReLU, have no slope and are left out.`,
  run: (subject) =>
    subject.train({ samples, batchSize: samples, exact: true }, ({ parts }) => {
      const { runtime, training } = parts;
      const batch = loadFirstBatch(parts);
      const lossAt = () => lossOf(runtime, batch);
      lossAt();
      runtime.backward(true);
      const random = new Random(training.seed, purposeOf('preflight'));
      const flops =
        batch * runtime.plan.layers.reduce((sum, { layer }) => sum + (layer.inferred.flops ?? 0), 0);
      const compared = entriesOf(runtime, random, Math.max(1, Math.floor(budget / (2 * flops + 1))));
      if (compared.length === 0)
        return { outcome: 'skipped', message: l10n.t('This network has no parameter to train.') };
      const checked = compared.flatMap((entry) => {
        const slope = slopeOf(lossAt, entry.values, entry.index);
        return slope === undefined ? [] : [{ ...entry, slope, error: relativeError(entry.gradient, slope) }];
      });
      const worst = checked.reduce((most, entry) => (entry.error > most.error ? entry : most), {
        ...compared[0],
        slope: 0,
        error: -1,
      });
      if (worst.error <= tolerance)
        return {
          outcome: 'passed',
          message: l10n.t(
            'The gradients of {0} agree with numeric slopes to {1}.',
            counted(checked.length, 'entries'),
            Math.max(0, worst.error).toExponential(0),
          ),
        };
      return {
        outcome: 'failed',
        message: l10n.t(
          'The gradient of {0} is {1}, but the loss has the slope {2} there. This is a fault of Netloom: please report it with this network.',
          `${worst.layer}.${worst.parameter}`,
          worst.gradient.toPrecision(6),
          worst.slope.toPrecision(6),
        ),
        path: ['layers', worst.layer],
      };
    }),
});

interface Entry {
  readonly layer: string;
  readonly parameter: string;
  readonly values: Float64Array;
  readonly index: number;
  readonly gradient: number;
}

/** At most `most` entries in all, and of each tensor some. */
function entriesOf({ plan, passes }: Runtime, random: Random, most: number): Entry[] {
  const tensors = plan.layers.flatMap(({ layer, backward }, index) => {
    const { trainable, shares } = layer.spec.common;
    if (!backward || !trainable || shares !== undefined) return [];
    const { parameters, gradParameters } = passes[index];
    return Object.entries(parameters).map(([parameter, { data }]) => ({
      layer: layer.name,
      parameter,
      values: data as Float64Array,
      gradients: gradParameters[parameter].data,
    }));
  });
  const each = Math.max(1, Math.min(entriesEach, Math.floor(most / Math.max(1, tensors.length))));
  return tensors.slice(0, most).flatMap(({ gradients: slopes, ...tensor }) =>
    Array.from({ length: Math.min(each, tensor.values.length) }, () => {
      const index = random.below(tensor.values.length);
      return { ...tensor, index, gradient: slopes[index] };
    }),
  );
}

function lossOf(runtime: Runtime, batch: number): number {
  runtime.beginSequences();
  runtime.divideBy(undefined);
  runtime.forward(batch, true, 1);
  runtime.loss();
  return runtime.meanLoss;
}

/** The rounding error of a loss. */
const lost = 1e-14;

/** Undefined where the loss has a kink. */
function slopeOf(lossAt: () => number, values: Float64Array, index: number): number | undefined {
  const value = values[index];
  const h = 1e-5 * Math.max(1, Math.abs(value));
  const at = (offset: number) => {
    values[index] = value + offset;
    const loss = lossAt();
    values[index] = value;
    return loss;
  };
  const [below, here, above] = [at(-h), at(0), at(h)];
  const [left, right] = [(here - below) / h, (above - here) / h];
  const bend = Math.abs(right - left);
  // Of a smooth loss the two differ by about h times its curvature.
  if (bend > 1e-3 * Math.max(Math.abs(left), Math.abs(right)) + lost / h) return undefined;
  return (above - below) / (2 * h);
}

/** Of two slopes. Below the least slope numeric ones are too rough. */
const relativeError = (a: number, b: number): number =>
  Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), leastSlope);
