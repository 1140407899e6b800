/** IDX: the format of MNIST and similar data, with images and labels in two files. */

import * as l10n from '@vscode/l10n';
import { sizeOf } from '../layers/define.ts';
import { dataFile, integer } from '../schema/attributes.ts';
import type { ProblemError } from '../schema/problem.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { counted } from '../schema/text.ts';
import {
  type DataContext,
  type Dataset,
  dataError,
  defineDataset,
  type InputField,
  type Split,
} from './define.ts';
import { keptCount, keptFields } from './kept.ts';
import { refuseTooLarge } from './memory.ts';
import { fitsFloat32 } from './numerals.ts';
import { rowSplit } from './rows.ts';
import { source } from './source.ts';

type IdxArray = Uint8Array | Int8Array | Float32Array | Int32Array | Float64Array;

interface ElementType {
  readonly bytes: number;
  /** Of an element in memory. */
  readonly held: number;
  create(count: number): IdxArray;
  read(view: DataView, offset: number): number;
}

/** By the third byte of the file. Numbers are big-endian. */
const elementTypes: { readonly [code: number]: ElementType } = {
  8: { bytes: 1, held: 0, create: (n) => new Uint8Array(n), read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, held: 1, create: (n) => new Int8Array(n), read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, held: 4, create: (n) => new Int32Array(n), read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, held: 4, create: (n) => new Int32Array(n), read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, held: 4, create: (n) => new Float32Array(n), read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, held: 8, create: (n) => new Float64Array(n), read: (view, at) => view.getFloat64(at) },
};

export interface IdxFile {
  readonly shape: readonly number[];
  readonly data: IdxArray;
}

interface Header {
  readonly shape: readonly number[];
  readonly element: ElementType;
  /** Bytes of the header, and of the whole file. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * Reads an IDX file from its pieces; memory is taken once, as much as its header promises and the limit allows. `name` is
 * the file's name for messages. Throws ProblemError.
 */
export async function readIdx(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  name: string,
  attribute: string,
  memoryLimit: number,
): Promise<IdxFile> {
  const fail = (code: ProblemCode, message: string): ProblemError =>
    dataError(code, `${name}: ${message}`, attribute);
  const begin: number[] = [];
  let header: Header | undefined;
  let content = new Uint8Array(0);
  let found = 0;
  for await (const piece of pieces) {
    let from = 0;
    while (!header && from < piece.length) {
      begin.push(piece[from++]);
      header = readHeader(begin, fail);
      if (header && neededBytes(header) <= memoryLimit) content = new Uint8Array(header.bytes - header.start);
    }
    if (header) {
      const at = found + from - header.start;
      content.set(
        piece.subarray(from, from + Math.max(0, content.length - at)),
        Math.min(at, content.length),
      );
    }
    found += piece.length;
  }
  if (!header)
    throw begin.length < 4
      ? notIdx(begin, fail)
      : fail('data/truncated', l10n.t('ends within its header. Download it again.'));
  if (found !== header.bytes)
    throw fail(
      found < header.bytes ? 'data/truncated' : 'data/size',
      l10n.t(
        'its header declares {0} elements, {1} in all; found {2}. Download it again.',
        header.shape.join('×'),
        counted(header.bytes, 'bytes'),
        counted(found, 'bytes'),
      ),
    );
  refuseTooLarge(memoryLimit, attribute, [{ name, bytes: neededBytes(header) }]);
  return { shape: header.shape, data: elements(header, content, fail) };
}

type Fail = (code: ProblemCode, message: string) => ProblemError;

/** Bytes: its rank is one byte. */
const longestHeader = 4 + 4 * 255;

/** Undefined while bytes of it are missing. */
function readHeader(bytes: readonly number[], fail: Fail): Header | undefined {
  if (bytes.length < 4) return undefined;
  const [first, second, type, rank] = bytes;
  const element = first === 0 && second === 0 ? elementTypes[type] : undefined;
  if (!element || rank === 0) throw notIdx(bytes, fail);
  const start = 4 + 4 * rank;
  if (bytes.length < start) return undefined;
  const view = new DataView(Uint8Array.from(bytes).buffer);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { shape, element, start, bytes: start + sizeOf(shape) * element.bytes };
}

function notIdx(bytes: readonly number[], fail: Fail): ProblemError {
  const found = bytes
    .slice(0, 4)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  return fail(
    'data/magic',
    l10n.t(
      'expected an IDX file, which begins with 00 00, the type of its numbers and its rank; found {0}. Check that this is the right file.',
      found || l10n.t('an empty file'),
    ),
  );
}

/** The content of the file, and the numbers where they are not its bytes. */
const neededBytes = ({ shape, element, bytes }: Header): number => bytes + sizeOf(shape) * element.held;

function elements({ shape, element }: Header, content: Uint8Array, fail: Fail): IdxArray {
  if (element.held === 0) return content;
  const view = new DataView(content.buffer);
  const count = sizeOf(shape);
  const data = element.create(count);
  for (let i = 0; i < count; i++) {
    const value = element.read(view, i * element.bytes);
    if (!fitsFloat32(value))
      throw fail(
        'data/number',
        l10n.t(
          'sample {0}, value {1}: expected a number up to 3.4e38, found {2}. Correct the file, or remove the sample.',
          Math.floor(i / (count / shape[0])),
          i % (count / shape[0]),
          value,
        ),
      );
    data[i] = value;
  }
  return data;
}

interface Part {
  readonly images: IdxFile;
  readonly labels: IdxFile;
  readonly labelsName: string;
  readonly labelsAttribute: string;
}

async function readPart(
  context: DataContext,
  imagesPath: string,
  labelsPath: string,
  attributes: { readonly images: string; readonly labels: string },
): Promise<Part> {
  const images = await readIdx(
    context.readPieces(imagesPath, attributes.images),
    imagesPath,
    attributes.images,
    context.memoryLimit,
  );
  const labels = await readIdx(
    context.readPieces(labelsPath, attributes.labels),
    labelsPath,
    attributes.labels,
    context.memoryLimit,
  );
  const fail = (code: ProblemCode, message: string, attribute: string): ProblemError =>
    dataError(code, message, attribute);
  if (images.shape.length < 2 || images.shape.includes(0))
    throw fail(
      'data/shape',
      l10n.t(
        '{0}: expected images, found numbers of shape {1}. Are images and labels swapped?',
        imagesPath,
        images.shape.join('×'),
      ),
      attributes.images,
    );
  if (labels.shape.length !== 1)
    throw fail(
      'data/shape',
      l10n.t(
        '{0}: expected a list of labels, found numbers of shape {1}. Are images and labels swapped?',
        labelsPath,
        labels.shape.join('×'),
      ),
      attributes.labels,
    );
  if (labels.shape[0] !== images.shape[0])
    throw fail(
      'data/count',
      l10n.t(
        '{0} has {1}, but {2} has {3}. Use files that belong together.',
        labelsPath,
        counted(labels.shape[0], 'labels'),
        imagesPath,
        counted(images.shape[0], 'images'),
      ),
      attributes.labels,
    );
  return { images, labels, labelsName: labelsPath, labelsAttribute: attributes.labels };
}

/** At most the number of classes that is plausible; `checkLabels` reports the label of a damaged file. */
const mostClasses = 65536;

function classCount({ data }: IdxFile): number {
  let largest = 0;
  for (const label of data) if (label > largest) largest = label;
  return Math.min(Math.ceil(largest) + 1, mostClasses);
}

function checkLabels({ labels, labelsName, labelsAttribute }: Part, classes: number): void {
  const bad = labels.data.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (bad >= 0)
    throw dataError(
      'data/labels',
      l10n.t(
        '{0}: label {1} of image {2} is outside 0 … {3}. Fix the file, or set "classes".',
        labelsName,
        labels.data[bad],
        bad,
        classes - 1,
      ),
      labelsAttribute,
    );
}

function inputOf({ shape: [, ...pixels] }: Pick<IdxFile, 'shape'>): InputField {
  return { name: 'image', shape: pixels.length === 2 ? [...pixels, 1] : pixels };
}

function split({ images, labels }: Part): Split {
  return rowSplit(
    {
      inputs: images.data,
      inputSize: sizeOf(images.shape.slice(1)),
      scale: images.data instanceof Uint8Array ? 1 / 255 : 1,
      targets: labels.data,
      targetSize: 1,
    },
    images.shape[0],
  );
}

export const idx = defineDataset({
  type: 'idx',
  label: 'IDX images',
  doc: `Images and their labels in IDX files, plain or gzip (\`.gz\`). This is the format of [MNIST](http://yann.lecun.com/exdb/mnist/), Fashion-MNIST and
EMNIST. Bytes are scaled to 0 … 1. Inputs have the shape [height, width, 1]; targets are class indices.`,
  files: [
    { pattern: /^(t10k|test).*idx[2-4]-/i, attribute: 'testImages' },
    { pattern: /^(t10k|test).*idx1-/i, attribute: 'testLabels' },
    { pattern: /idx[2-4]-/i, attribute: 'images' },
    { pattern: /idx1-/i, attribute: 'labels' },
  ],
  attributes: {
    images: dataFile({
      doc: 'File with the training images, e.g. "train-images-idx3-ubyte.gz", relative to the network.',
    }),
    labels: dataFile({ doc: 'File with their labels, e.g. "train-labels-idx1-ubyte.gz".' }),
    source,
    testImages: dataFile({ default: '', doc: 'File with the test images. Empty: no test.' }),
    testLabels: dataFile({ default: '', doc: 'File with their labels.' }),
    classes: integer({
      default: 0,
      min: 0,
      max: mostClasses,
      doc: 'Number of classes. 0: one more than the largest training label.',
    }),
  },

  async firstInput({ images }, readBeginning) {
    const { bytes } = await readBeginning(images, 'images');
    const header = readHeader([...bytes.subarray(0, longestHeader)], (code, message) =>
      dataError(code, message, 'images'),
    );
    return header && inputOf(header);
  },

  async open(attributes, context): Promise<Dataset> {
    const train = await readPart(context, attributes.images, attributes.labels, {
      images: 'images',
      labels: 'labels',
    });
    const kept = keptCount(keptFields(context.trained).classes, mostClasses);
    const classes = attributes.classes || (kept ?? classCount(train.labels));
    checkLabels(train, classes);
    const [, ...pixels] = train.images.shape;
    const described = {
      inputs: [inputOf(train.images)],
      targets: [{ name: 'label', type: 'int' as const, shape: [], classes }],
      classNames: Array.from({ length: classes }, (_, i) => `${i}`),
      state: { classes },
      train: split(train),
    };
    if (attributes.testImages === '' && attributes.testLabels === '') return described;
    const names = { images: 'testImages', labels: 'testLabels' };
    const test = await readPart(context, attributes.testImages, attributes.testLabels, names);
    const [, ...testPixels] = test.images.shape;
    if (testPixels.join() !== pixels.join())
      throw dataError(
        'data/shape',
        l10n.t(
          '{0} has images of {1}, but {2} of {3}. Use files that belong together.',
          attributes.testImages,
          testPixels.join('×'),
          attributes.images,
          pixels.join('×'),
        ),
        'testImages',
      );
    checkLabels(test, classes);
    return { ...described, test: split(test) };
  },
});
