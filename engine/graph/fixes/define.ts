/** What fixes a problem of a text, where that is known: the contract of a fixer. */
import type { Json, Path } from '../../schema/attributes.ts';
import type { Fix } from '../../schema/problem.ts';
import type { ProblemCode } from '../../schema/problemCodes.ts';
import type { Diagnostic, LayerSpec, NetworkSpec } from '../../spec/document.ts';
import { jsonOf, type Source } from '../../spec/source.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import type { TypedGraph } from '../typed.ts';

/** The text that a problem was found in, and what is known of it. */
export interface Subject {
  readonly text: string;
  readonly source: Source;
  readonly spec: NetworkSpec;
  readonly graph: TypedGraph;
  readonly layers: ReadonlyMap<string, LayerSpec>;
  /** The names of the layers that read a layer. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
  /** Shapes that fixers may still infer. */
  readonly tries: { left: number };
}

/** Nothing where the answer is not known. The edit makes the problem go away and brings none of its own. */
export type Fixer = (problem: Diagnostic<ProblemCode>, subject: Subject) => Fix<SpecEdit> | undefined;

export type Fixers = { readonly [C in ProblemCode]?: Fixer };

/** What is written at a path. */
export function valueAt({ source }: Subject, path: Path): Json | undefined {
  const node = source.node(path);
  return node && jsonOf(node, () => {});
}

/** One edit for one or several. */
export const inOne = (edits: readonly SpecEdit[]): SpecEdit =>
  edits.length === 1 ? edits[0] : { kind: 'several', edits };
