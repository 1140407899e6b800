/** Points: small generated problems in the plane, to see what a network can separate. */
import * as l10n from '@vscode/l10n';
import { purposeOf, Random } from '../kernels/random.ts';
import { choice, integer, number } from '../schema/attributes.ts';
import { type DataFields, defineDataset } from './define.ts';
import { refuseTooLarge } from './memory.ts';
import { rowSplit } from './rows.ts';

/** A point of class `label` (0 or 1) before noise, within about ±1. */
type Pattern = (label: number, random: Random) => readonly [x: number, y: number];

const patterns = {
  clusters: (label, random) => {
    const side = label === 0 ? 0.45 : -0.45;
    return [side + 0.18 * random.normal(), 0.6 * side + 0.18 * random.normal()];
  },
  xor: (label, random) => {
    const x = 2 * random.uniform() - 1;
    const y = random.uniform();
    return [x, (label === 1) === x > 0 ? -y : y];
  },
  spiral: (label, random) => {
    const turn = Math.sqrt(random.uniform());
    const angle = 3 * Math.PI * turn + label * Math.PI;
    return [turn * Math.cos(angle), turn * Math.sin(angle)];
  },
  circles: (label, random) => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = label === 0 ? 0.9 : 0.45;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  moons: (label, random) => {
    const angle = Math.PI * random.uniform();
    const side = label === 0 ? 1 : -1;
    return [side * (0.6 * Math.cos(angle) - 0.3), side * (0.6 * Math.sin(angle) - 0.15)];
  },
} satisfies { readonly [name: string]: Pattern };

const fields: DataFields = {
  inputs: [{ name: 'point', shape: [2] }],
  targets: [{ name: 'class', type: 'int', shape: [], classes: 2 }],
};

export const points = defineDataset({
  type: 'points',
  label: 'Points in the plane (generated)',
  doc: `Two classes of points in one of five patterns. A straight line separates \`clusters\`. No straight line separates \`xor\` (opposite quadrants), \`spiral\` (two interleaved arms), \`circles\`
(one inside the other) and \`moons\` (two half-moons). The points are generated from the seed, so **no file is needed**. Inputs are [x, y] within about ±1; targets are 0 or 1.

One hidden layer of a few units learns xor. The spiral needs a wider or deeper network.`,
  attributes: {
    pattern: choice(Object.keys(patterns) as (keyof typeof patterns)[], {
      default: 'spiral',
      doc: 'Pattern of the points.',
    }),
    samples: integer({ default: 800, min: 1, max: 1000000, doc: 'Number of training points.' }),
    testSamples: integer({ default: 200, min: 0, max: 1000000, doc: 'Number of test points.' }),
    noise: number({
      default: 0.03,
      min: 0,
      max: 1,
      doc: 'Standard deviation of the noise on each coordinate.',
    }),
  },

  fields: () => fields,

  async open({ pattern, samples, testSamples, noise }, { seed, memoryLimit }) {
    // Two float32 coordinates and a class.
    const bytesOf = (count: number) => 9 * count;
    refuseTooLarge(memoryLimit, samples >= testSamples ? 'samples' : 'testSamples', [
      { name: l10n.t('{0} training points', samples), bytes: bytesOf(samples) },
      { name: l10n.t('{0} test points', testSamples), bytes: bytesOf(testSamples) },
    ]);
    const make = (count: number, purpose: string) => {
      const random = new Random(seed, purposeOf(purpose));
      const inputs = new Float32Array(2 * count);
      const targets = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        targets[i] = random.below(2);
        const [x, y] = patterns[pattern](targets[i], random);
        inputs[2 * i] = x + noise * random.normal();
        inputs[2 * i + 1] = y + noise * random.normal();
      }
      return rowSplit({ inputs, inputSize: 2, targets, targetSize: 1 }, count);
    };
    return {
      ...fields,
      classNames: ['0', '1'],
      train: make(samples, 'points/train'),
      ...(testSamples > 0 ? { test: make(testSamples, 'points/test') } : {}),
    };
  },
});
