/** The contract of a fixer: how to fix a problem of a text, if that is known. */
import type { Json, Path } from '../../schema/attributes.ts';
import type { Fix } from '../../schema/problem.ts';
import type { ProblemCode } from '../../schema/problemCodes.ts';
import type { Diagnostic, LayerSpec, NetworkSpec } from '../../spec/document.ts';
import { jsonOf, type Source } from '../../spec/source.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';
import type { TypedGraph } from '../typed.ts';

/** The text in which a problem was found, and what is known about it. */
export interface Subject {
  readonly text: string;
  readonly source: Source;
  readonly spec: NetworkSpec;
  readonly graph: TypedGraph;
  readonly layers: ReadonlyMap<string, LayerSpec>;
  /** The names of the layers that read a layer. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
  /** How many shapes fixers may still infer. */
  readonly tries: { left: number };
}

/** Returns the fix of a problem; undefined if none is known. The edit removes the problem and causes no other. */
export type Fixer = (problem: Diagnostic<ProblemCode>, subject: Subject) => Fix<SpecEdit> | undefined;

export type Fixers = { readonly [C in ProblemCode]?: Fixer };

/** What is written at a path. */
export function valueAt({ source }: Subject, path: Path): Json | undefined {
  const node = source.node(path);
  return node && jsonOf(node, () => {});
}

/** One edit made of one or several. */
export const inOne = (edits: readonly SpecEdit[]): SpecEdit =>
  edits.length === 1 ? edits[0] : { kind: 'several', edits };
