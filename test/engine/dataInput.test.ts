/** The input of a network's data while its text and the files change: which one is shown, and what is read. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FirstInput } from '../../engine/language/firstInput.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { DataInput, readInterval } from '../../extension/dataInput.ts';

const table = (file: string, others: { readonly [name: string]: Json } = {}) => ({
  type: 'csv',
  attributes: { file, ...others },
});

/** An input whose reads end when the test says so, of files that change when it says so. */
function input() {
  const reads: { readonly file: string; end(size: number): Promise<void> }[] = [];
  const watches: { readonly files: readonly string[]; isOver: boolean; change(): void }[] = [];
  const onChange = vi.fn();
  const input = new DataInput(
    (_, files, change) => {
      const watch = { files, isOver: false, change };
      watches.push(watch);
      return {
        dispose: () => {
          watch.isOver = true;
        },
      };
    },
    onChange,
    ({ attributes }) => {
      const file = attributes.file as string;
      return new Promise<FirstInput>((resolve) => {
        const end = async (size: number) => {
          resolve({ input: { name: 'features', shape: [size] }, files: { file } });
          await turn();
        };
        reads.push({ file, end });
      });
    },
  );
  const sizeOf = (data: ReturnType<typeof table>) => input.of(data, '/folder')?.shape[0];
  return { input, reads, watches, onChange, sizeOf };
}

/** All reads that are due begin. */
const turn = () => vi.advanceTimersByTimeAsync(10 * readInterval);

describe('the input of data in files', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stays while other attributes of the same files are typed, and their watchers stay', async () => {
    const { reads, watches, onChange, sizeOf } = input();
    sizeOf(table('a.csv'));
    await turn();
    await reads[0].end(3);
    expect(onChange).toHaveBeenCalledTimes(1);
    for (const source of ['h', 'ht', 'htt']) {
      expect(sizeOf(table('a.csv', { source }))).toBe(3);
      await turn();
      await reads[reads.length - 1].end(3);
    }
    expect([onChange.mock.calls.length, watches.length, watches[0].isOver]).toEqual([1, 1, false]);
    expect(sizeOf(table('a.csv', { exclude: ['x'] }))).toBe(3);
    await turn();
    await reads[reads.length - 1].end(2);
    expect(sizeOf(table('a.csv', { exclude: ['x'] }))).toBe(2);
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('is not that of another file or kind of data', async () => {
    const { input: one, reads, watches, sizeOf } = input();
    sizeOf(table('a.csv'));
    await turn();
    await reads[0].end(3);
    expect(one.of({ ...table('a.csv'), type: 'idx' }, '/folder')).toBeUndefined();
    expect(one.of(table('a.csv'), '/elsewhere')).toBeUndefined();
    expect(sizeOf(table('b.csv'))).toBeUndefined();
    await turn();
    await reads[1].end(4);
    expect(sizeOf(table('b.csv'))).toBe(4);
    expect(watches.map(({ files, isOver }) => [...files, isOver])).toEqual([
      ['a.csv', true],
      ['b.csv', false],
    ]);
  });

  it('is never that of a text that was undone while it was read', async () => {
    const { reads, onChange, sizeOf } = input();
    sizeOf(table('a.csv'));
    await turn();
    await reads[0].end(3);
    sizeOf(table('b.csv'));
    await turn();
    expect(sizeOf(table('a.csv'))).toBe(3);
    await reads[1].end(7);
    expect(sizeOf(table('a.csv'))).toBe(3);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('is that of the present text after files of an older one have changed', async () => {
    const { reads, watches, sizeOf } = input();
    sizeOf(table('a.csv'));
    await turn();
    await reads[0].end(3);
    sizeOf(table('b.csv'));
    watches[0].change();
    await turn();
    expect(reads.map(({ file }) => file)).toEqual(['a.csv', 'b.csv']);
    await reads[1].end(4);
    expect(sizeOf(table('b.csv'))).toBe(4);
  });

  it('is read once after many changes of a file, and never twice at a time', async () => {
    const { reads, watches, onChange, sizeOf } = input();
    sizeOf(table('a.csv'));
    await turn();
    await reads[0].end(3);
    for (let i = 0; i < 20; i++) watches[0].change();
    await turn();
    expect(reads.length).toBe(2);
    for (let i = 0; i < 20; i++) watches[0].change();
    await turn();
    expect(reads.length).toBe(2);
    await reads[1].end(3);
    expect(reads.length).toBe(3);
    await reads[2].end(5);
    expect([reads.length, sizeOf(table('a.csv')), onChange.mock.calls.length]).toEqual([3, 5, 2]);
  });

  it('is not read or watched any more after its network was closed', async () => {
    const { input: one, reads, watches, onChange, sizeOf } = input();
    sizeOf(table('a.csv'));
    await turn();
    await reads[0].end(3);
    watches[0].change();
    await turn();
    one.dispose();
    await reads[1].end(4);
    expect([reads.length, watches.length, watches[0].isOver, onChange.mock.calls.length]).toEqual([
      2,
      1,
      true,
      1,
    ]);
  });
});
