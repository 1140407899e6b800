/** IDX files: which are read, and which are refused with which message. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIdx } from '../../engine/data/idx.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { open, refuses, take } from './dataFiles.ts';
import { idxFile, idxSpec, images, labels } from './idxFiles.ts';

describe('idx', () => {
  it('gives scaled images and their labels', async () => {
    const data = await open({ images, labels }, idxSpec);
    expect(data.inputs).toEqual([{ name: 'image', shape: [1, 2, 1] }]);
    expect(data.targets).toEqual([{ name: 'label', type: 'int', shape: [], classes: 3 }]);
    const { inputs, targets } = take(data, data.train, 2, 0);
    expect(targets).toEqual([1, 2]);
    expect(inputs.map((value) => Math.round(255 * value))).toEqual([153, 204, 0, 255]);
  });
  it('reads packed files, and a test part', async () => {
    const files = { 'i.gz': gzipSync(images), 'l.gz': gzipSync(labels), images, labels };
    const data = await open(files, {
      type: 'idx',
      images: 'i.gz',
      labels: 'l.gz',
      testImages: 'images',
      testLabels: 'labels',
    });
    expect([data.train.size, data.test?.size]).toEqual([3, 3]);
  });
  it('reads numbers of several bytes, the largest first', async () => {
    const file = idxFile([2], [0xff, 0xfe, 0x01, 0x00], 11);
    expect([...(await readIdx([file], 'f', 'images', 2 ** 20)).data]).toEqual([-2, 256]);
  });
  it('refuses numbers that float32 cannot hold, in any file', async () => {
    const floats = (values: readonly number[], type: 13 | 14) => {
      const bytes = new DataView(new ArrayBuffer(values.length * (type === 13 ? 4 : 8)));
      values.forEach((value, i) => {
        if (type === 13) bytes.setFloat32(4 * i, value);
        else bytes.setFloat64(8 * i, value);
      });
      return idxFile([3, 1, 2], [...new Uint8Array(bytes.buffer)], type);
    };
    const good = floats([0, 1, 2, 3, 4, 5], 13);
    for (const bad of [
      floats([0, 1, 2, Number.NaN, 4, 5], 13),
      floats([0, 1, 2, Number.NEGATIVE_INFINITY, 4, 5], 13),
      floats([0, 1, 2, 1e39, 4, 5], 14),
    ]) {
      await refuses({ images: bad, labels }, idxSpec, 'data/number', 'images', 'sample 1, value 1');
      const test = { testImages: 'bad', testLabels: 'labels' };
      await refuses(
        { images: good, labels, bad },
        { ...idxSpec, ...test },
        'data/number',
        'bad',
        'sample 1, value 1',
      );
    }
  });
  it('refuses a wrong magic number', () =>
    refuses({ images: 'PNG and more', labels }, idxSpec, 'data/magic', 'images', '50 4e 47'));
  it('refuses an empty file', () => refuses({ images: '', labels }, idxSpec, 'data/magic', 'images'));
  it('refuses a file cut off in its header', () =>
    refuses({ images: images.subarray(0, 10), labels }, idxSpec, 'data/truncated', 'images'));
  it('refuses a truncated file', () =>
    refuses({ images: images.subarray(0, 20), labels }, idxSpec, 'data/truncated', '3×1×2', '22', '20'));
  it('refuses bytes past the end', () =>
    refuses({ images: Uint8Array.from([...images, 0]), labels }, idxSpec, 'data/size', '22', '23'));
  it('refuses a header with larger sizes than the file before it allocates memory', () =>
    refuses(
      { images: idxFile([0xffffffff, 0xffffffff, 0xffffffff], [1]), labels },
      idxSpec,
      'data/truncated',
    ));
  it('refuses a different number of labels', () =>
    refuses({ images, labels: idxFile([2], [0, 1]) }, idxSpec, 'data/count', '2 labels', '3 images'));
  it('refuses images where labels should be', () =>
    refuses({ images, labels: images }, idxSpec, 'data/shape', 'labels'));
  it('refuses a label out of range', () =>
    refuses({ images, labels }, { ...idxSpec, classes: 2 }, 'data/labels', 'label 2', 'image 0', '0 … 1'));
  it('refuses a test label that the training part does not have', () =>
    refuses(
      { images, labels, more: idxFile([3], [0, 3, 1]) },
      { ...idxSpec, testImages: 'images', testLabels: 'more' },
      'data/labels',
      'more',
      'label 3',
    ));
  it('refuses test images of another size', () =>
    refuses(
      { images, labels, other: idxFile([3, 2, 1], [0, 0, 0, 0, 0, 0]) },
      { ...idxSpec, testImages: 'other', testLabels: 'labels' },
      'data/shape',
      '2×1',
      '1×2',
    ));
  it('allocates memory for the sizes of a header only if the limit allows it', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const read = (bytes: Uint8Array) => readIdx([bytes], 'f', 'images', 2 ** 20);
    const huge = idxFile([60_000, 1000, 1000], [1, 2, 3]);
    await expect(read(huge)).rejects.toMatchObject({ code: 'data/truncated' });
    async function* pieces() {
      yield idxFile([4, 2 ** 20], []);
      for (let i = 0; i < 4; i++) yield new Uint8Array(2 ** 20);
    }
    await expect(readIdx(pieces(), 'f', 'images', 2 ** 21)).rejects.toMatchObject({ code: 'data/memory' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 23);
    expect((await readIdx(pieces(), 'f', 'images', 2 ** 23)).data).toHaveLength(2 ** 22);
  });
  it('refuses any damaged file with a ProblemError and nothing else', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (bytes) => {
        try {
          await readIdx([bytes], 'f', 'images', 2 ** 20);
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
      { seed: 1 },
    ));
});
