/** Files that the command line writes where a person names them: complete or not at all, with a reason that says what to do. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { writeNew } from '../../engine/cli/new.ts';
import { replaceFile } from '../../engine/cli/replaceFile.ts';

const disk = vi.hoisted(() => ({ isFull: false, isClosed: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const refuse = () => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  const openSync = (...call: Parameters<typeof fs.openSync>) => {
    if (disk.isClosed) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    return fs.openSync(...call);
  };
  const writeSync = (...call: Parameters<typeof fs.writeSync>) => {
    refuse();
    return fs.writeSync(...call);
  };
  const writeFileSync = (...call: Parameters<typeof fs.writeFileSync>) => {
    refuse();
    fs.writeFileSync(...call);
  };
  return { ...fs, openSync, writeSync, writeFileSync };
});

const folder = mkdtempSync(path.join(tmpdir(), 'netloom-written-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  disk.isFull = false;
  disk.isClosed = false;
});

it('on a full disk a new file is not left half written, so that the command can be repeated', () => {
  const file = path.join(folder, 'new.svg');
  disk.isFull = true;
  expect(writeNew(file, '<svg/>')).toMatch(/^the disk is full/);
  expect(existsSync(file)).toBe(false);
  disk.isFull = false;
  expect(writeNew(file, '<svg/>')).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe('<svg/>');
  expect(writeNew(file, 'other')).toMatch(/exists already/);
  expect(readFileSync(file, 'utf8')).toBe('<svg/>');
  rmSync(file);
});

it('on a full disk a network keeps its text, and nothing is left beside it', () => {
  const file = path.join(folder, 'kept.nn.json');
  writeFileSync(file, 'before');
  disk.isFull = true;
  expect(replaceFile(file, 'before', 'after')).toMatch(/^the disk is full/);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['before', ['kept.nn.json']]);
  rmSync(file);
});

it('where the folder may not be written to, that is said of the folder, whatever the permissions of the file', () => {
  const file = path.join(folder, 'fixed.nn.json');
  writeFileSync(file, 'before');
  disk.isClosed = true;
  const expected = `you may not write to ${folder}. Choose another folder, or change its permissions.`;
  expect(replaceFile(file, 'before', 'after')).toBe(expected);
  expect(writeNew(path.join(folder, 'new.svg'), '<svg/>')).toBe(expected);
  rmSync(file);
});

it('a network that has been deleted in the meantime is not written', () => {
  expect(replaceFile(path.join(folder, 'gone.nn.json'), 'before', 'after')).toMatch(/deleted or renamed/);
  expect(readdirSync(folder)).toEqual([]);
});

it.skipIf(process.platform === 'win32')('a network with the longest possible name is written', () => {
  const file = path.join(folder, `${'n'.repeat(255 - '.nn.json'.length)}.nn.json`);
  writeFileSync(file, 'before');
  expect(replaceFile(file, 'before', 'after')).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toBe('after');
});
