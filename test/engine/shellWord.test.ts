/** Whatever a name contains, a command that is copied from the terminal passes it on as one word and runs nothing. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../engine/cli/arguments.ts';
import { shellFile, shellWord } from '../../engine/cli/shellWord.ts';

const hostile = [
  'two words.nn.json',
  "it's.nn.json",
  '"quoted".nn.json',
  '$(touch run).nn.json',
  '`touch run`.nn.json',
  '$HOME/a;b&c|d>e.nn.json',
  '!!.nn.json',
  '~/*?[a]{b,c}#.nn.json',
  'ends\\',
  '-layer',
  'Schicht_größe',
];

describe('a name in a command', () => {
  it.skipIf(process.platform === 'win32')('reaches the program as it is', () => {
    for (const name of hostile)
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(name, 'linux')}`], { encoding: 'utf8' })).toBe(
        name,
      );
  });

  it('is a file although it begins with a dash', () => {
    for (const platform of ['linux', 'win32']) {
      const file = shellFile('-x.nn.json', platform) ?? '';
      expect(readArguments(['fix', file, '--layer', '-layer']).words).toEqual(['fix', './-x.nn.json']);
    }
  });

  it('is quoted on Windows as both of its shells read it', () => {
    const words = ['nets\\a.nn.json', 'C:\\my nets\\a.nn.json', "it's & more.nn.json", '@a.nn.json'];
    expect(words.map((name) => shellFile(name, 'win32'))).toEqual([
      'nets\\a.nn.json',
      '"C:\\my nets\\a.nn.json"',
      '"it\'s & more.nn.json"',
      '"@a.nn.json"',
    ]);
  });

  it('is left out where a shell would read something else', () => {
    for (const name of ['$(reboot).nn.json', '`reboot`', '%PATH%', '!PATH!', '”; reboot ”', 'my nets\\'])
      expect(shellWord(name, 'win32'), name).toBeUndefined();
    for (const name of ['', 'a\nb', 'a\u001b[31m', 'a\u202eb', 'a\u200bb'])
      expect(shellWord(name, 'linux'), name).toBeUndefined();
  });
});
