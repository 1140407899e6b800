/** Compiled code is kept only in a folder that nobody else can write. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { privateFolder } from '../../engine/process/compiledCode.ts';

describe.skipIf(process.platform === 'win32')('the folder of compiled code', () => {
  let parent: string;
  let folder: string;

  beforeEach(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'netloom-'));
    folder = path.join(parent, `netloom-code-${process.getuid!()}`);
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('is made for this user alone, and used again', () => {
    expect(privateFolder(parent)).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(privateFolder(parent)).toBe(folder);
  });

  it('is not kept where others can write', () => {
    mkdirSync(folder);
    chmodSync(folder, 0o770);
    expect(privateFolder(parent)).toBeUndefined();
  });

  it('is not kept if a link or a file has the name of its folder, or if the folder cannot be created', () => {
    symlinkSync(parent, folder);
    expect(privateFolder(parent)).toBeUndefined();
    rmSync(folder);
    writeFileSync(folder, '');
    expect(privateFolder(parent)).toBeUndefined();
    expect(privateFolder(path.join(parent, 'missing'))).toBeUndefined();
    expect(privateFolder(folder), 'a file in the place of the parent').toBeUndefined();
  });
});
