/** Small IDX files. */

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], bytes: readonly number[], type = 8): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((size, axis) => {
    new DataView(header.buffer).setUint32(4 + 4 * axis, size);
  });
  return Uint8Array.from([...header, ...bytes]);
}

export const images = idxFile([3, 1, 2], [0, 255, 51, 102, 153, 204]);

export const labels = idxFile([3], [2, 0, 1]);

export const idxSpec = { type: 'idx', images: 'images', labels: 'labels' };
