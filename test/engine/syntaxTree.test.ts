/** Our reader of well-formed texts never disagrees with the library that describes the errors of other texts. */
import * as fc from 'fast-check';
import { type Node as LibraryNode, type ParseError, parseTree } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { Bounds } from '../../engine/spec/bounds.ts';
import { readSyntax } from '../../engine/spec/syntax.ts';
import { type Node, readTree } from '../../engine/spec/tree.ts';
import { runs, seed } from '../hostile/effort.ts';

const plain = ({ type, offset, length, value, colonOffset, children }: Node | LibraryNode): unknown => ({
  ...{ type, offset, length, value, colonOffset },
  children: children?.map(plain),
});

/** The tree of the library, if it finds nothing wrong. */
function libraryTree(text: string): unknown {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return root && errors.length === 0 ? plain(root) : undefined;
}

const ownTree = (text: string): unknown => {
  const root = readTree(text, new Bounds());
  return root && plain(root);
};

/** Pieces. Few of their combinations are well-formed texts. */
const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"type"',
    '""',
    '"\\u0041\\n\\""',
    '"\\x"',
    '"\\ud800"',
    '"\t"',
    '"open',
  ],
  ...[
    '0',
    '-1',
    '01',
    '-',
    '1.',
    '1.5e3',
    '1e',
    '1E+2',
    '.5',
    '1e999',
    'true',
    'false',
    'null',
    'truex',
    'tru',
    'NaN',
  ],
  ...[
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\u00a0',
    '\ufeff',
    '\f',
    '// c\n',
    '//',
    '/* c */',
    '/*/',
    '/**/',
    '/',
    '* /',
    "'",
  ],
);

const loose = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));

/** A JSON text that may contain comments, trailing commas and one wrong piece. */
const nearly = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.array(fc.tuple(fc.nat(), pieces), { maxLength: 2 }))
  .map(([text, extra]) =>
    extra.reduce((whole, [at, piece]) => {
      const place = at % (whole.length + 1);
      return whole.slice(0, place) + piece + whole.slice(place);
    }, text),
  );

it('reads the tree of a text that the library finds well-formed, and no other', () => {
  fc.assert(
    fc.property(fc.oneof(loose, nearly), (text) => {
      expect(ownTree(text)).toEqual(libraryTree(text));
    }),
    { seed, numRuns: runs(3000) },
  );
});

it('reports an error for each text without a tree', () => {
  fc.assert(
    fc.property(fc.oneof(loose, nearly), (text) => {
      const { root, diagnostics } = readSyntax(text);
      expect(diagnostics.length > 0).toBe(root === undefined);
    }),
    { seed, numRuns: runs(2000) },
  );
});
