/** Shapes: generated grey images of a circle, a square, a triangle …; needs no file. */
import * as l10n from '@vscode/l10n';
import { purposeOf, Random } from '../kernels/random.ts';
import { choice, integer, number } from '../schema/attributes.ts';
import { type DataFields, defineDataset } from './define.ts';
import { refuseTooLarge } from './memory.ts';
import { rowSplit } from './rows.ts';

/** Signed distance from the border of a shape of radius one around the origin: negative inside. */
type Outline = (x: number, y: number) => number;

const box = (x: number, y: number, halfWidth: number, halfHeight: number): number =>
  Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);

/** Ordered so that the first few are the plainest. */
const outlines: readonly { readonly name: string; readonly outline: Outline }[] = [
  { name: 'circle', outline: (x, y) => Math.hypot(x, y) - 0.85 },
  { name: 'square', outline: (x, y) => box(x, y, 0.75, 0.75) },
  { name: 'triangle', outline: (x, y) => Math.max(y - 0.55, Math.abs(x) * 0.866 - y * 0.5 - 0.5) },
  { name: 'cross', outline: (x, y) => Math.min(box(x, y, 0.95, 0.27), box(x, y, 0.27, 0.95)) },
  { name: 'ring', outline: (x, y) => Math.abs(Math.hypot(x, y) - 0.7) - 0.2 },
  { name: 'bar', outline: (x, y) => box(x, y, 0.95, 0.27) },
  { name: 'diskPair', outline: (x, y) => Math.hypot(Math.abs(x) - 0.55, y) - 0.38 },
  { name: 'frame', outline: (x, y) => Math.abs(box(x, y, 0.62, 0.62)) - 0.17 },
];

interface Look {
  readonly size: number;
  readonly noise: number;
}

/** Draws one shape with random place, size, turn, brightness and noise into `pixels[offset …]`, as bytes. */
function draw(
  pixels: Uint8Array,
  offset: number,
  outline: Outline,
  { size, noise }: Look,
  random: Random,
): void {
  const radius = size * (0.2 + 0.16 * random.uniform());
  const reach = size / 2 - radius;
  const centerX = size / 2 + (2 * random.uniform() - 1) * reach;
  const centerY = size / 2 + (2 * random.uniform() - 1) * reach;
  const angle = (2 * random.uniform() - 1) * (Math.PI / 8);
  const cos = Math.cos(angle) / radius;
  const sin = Math.sin(angle) / radius;
  const background = 0.2 * random.uniform();
  const contrast = 0.5 + 0.3 * random.uniform();
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const x = column + 0.5 - centerX;
      const y = row + 0.5 - centerY;
      const distance = outline(cos * x + sin * y, cos * y - sin * x) * radius;
      const cover = Math.min(1, Math.max(0, 0.5 - distance));
      const value = background + contrast * cover + noise * random.normal();
      pixels[offset + row * size + column] = Math.round(255 * Math.min(1, Math.max(0, value)));
    }
}

type Of = { readonly size: number; readonly classes: number; readonly target: 'class' | 'image' };

const fields = ({ size, classes, target }: Of): DataFields => ({
  inputs: [{ name: 'image', shape: [size, size, 1] }],
  targets:
    target === 'class'
      ? [{ name: 'shape', type: 'int', shape: [], classes }]
      : [{ name: 'image', type: 'float', shape: [size, size, 1] }],
});

export const shapes = defineDataset({
  type: 'shapes',
  label: 'Shapes (generated images)',
  doc: `Grey images of circles, squares, triangles, crosses and more, each with a random position, size, rotation,
brightness and noise. They are generated from the seed, so **no file is needed**. A linear network classifies fewer than half of four shapes correctly. A small convolutional network learns
the task in a few epochs. Inputs have the shape [size, size, 1] with values 0 … 1. Targets are class indices, or the image itself for an autoencoder.`,
  attributes: {
    samples: integer({ default: 4000, min: 1, max: 200000, doc: 'Number of training images.' }),
    testSamples: integer({ default: 1000, min: 0, max: 200000, doc: 'Number of test images.' }),
    size: integer({ default: 28, min: 8, max: 128, doc: 'Height and width in pixels.' }),
    classes: integer({
      default: 4,
      min: 2,
      max: outlines.length,
      doc: `Number of shapes, in the order ${outlines.map(({ name }) => name).join(', ')}.`,
    }),
    target: choice(['class', 'image'], { default: 'class', doc: 'What the network learns.' }),
    noise: number({
      default: 0.08,
      min: 0,
      max: 1,
      doc: 'Standard deviation of the noise on each pixel; white is 1.',
    }),
  },

  fields,

  async open({ samples, testSamples, size, classes, target, noise }, { seed, memoryLimit }) {
    const bytesOf = (count: number) => count * (size * size + 2);
    refuseTooLarge(memoryLimit, samples >= testSamples ? 'samples' : 'testSamples', [
      { name: l10n.t('{0} training images of {1}×{1}', samples, size), bytes: bytesOf(samples) },
      { name: l10n.t('{0} test images of {1}×{1}', testSamples, size), bytes: bytesOf(testSamples) },
    ]);
    const random = new Random(seed);
    const make = (count: number, purpose: string) => {
      const inputs = new Uint8Array(count * size * size);
      /** The first number of an image's stream is its class. */
      const classOf = (row: number) => {
        random.reset(seed, purposeOf(purpose), row);
        return random.below(classes);
      };
      const targets = Uint8Array.from({ length: count }, (_, row) => classOf(row));
      const make = (row: number) =>
        draw(inputs, row * size * size, outlines[classOf(row)].outline, { size, noise }, random);
      const pixels = { inputs, inputSize: size * size, scale: 1 / 255, make };
      return rowSplit(
        target === 'class'
          ? { ...pixels, targets, targetSize: 1 }
          : { ...pixels, targets: inputs, targetSize: size * size, targetScale: 1 / 255 },
        count,
      );
    };
    return {
      ...fields({ size, classes, target }),
      ...(target === 'class' ? { classNames: outlines.slice(0, classes).map(({ name }) => name) } : {}),
      train: make(samples, 'shapes/train'),
      ...(testSamples > 0 ? { test: make(testSamples, 'shapes/test') } : {}),
    };
  },
});
