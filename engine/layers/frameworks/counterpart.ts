/** What other frameworks call a layer: beside its attributes, where its tensors lie there. */
import type { AttributeTable } from '../../schema/attributes.ts';
import {
  type Counterpart,
  counterpartsOf,
  type Framework,
  type Frameworks,
} from '../../schema/frameworks.ts';
import type { ForeignSource } from './tensors.ts';

/** `Parameters` and `State` are the names of the layer's own tensors. */
export type LayerCounterpart<
  A extends AttributeTable,
  Parameters extends string = string,
  State extends string = string,
> = Counterpart<A> & {
  /** Axes of the input, the batch among them, where the operator takes just so many. */
  readonly rank?: number;
  /**
   * How the operator's inputs and outputs lie: channels as the second axis, where ours come last; or as any tensor, of
   * which no axis is the batch. Default: as ours.
   */
  readonly layout?: 'channelsFirst' | 'anyAxes';
  /** Trained tensors by our name. */
  readonly parameters?: { readonly [K in Parameters]?: ForeignSource };
  /** Tensors that are kept but not trained, by our name. */
  readonly state?: { readonly [K in State]?: ForeignSource };
  /** Where theirs states the channels or features of the input, which ours finds by itself. */
  readonly inputFeatures?: string;
  /** What ONNX calls the operator's inputs, by place, ours first. */
  readonly operands?: readonly string[];
};

export type LayerFrameworks<
  A extends AttributeTable,
  Parameters extends string = string,
  State extends string = string,
> = Frameworks<LayerCounterpart<A, Parameters, State>>;

export const frameworkNames: readonly Framework[] = ['pytorch', 'keras', 'onnx'];

/** Counterparts of a layer that computes each element by itself, however its tensor lies. */
export const onAnyAxes = <A extends AttributeTable>(
  frameworks: Frameworks<Counterpart<A>>,
): LayerFrameworks<A, never, never> =>
  Object.fromEntries(
    frameworkNames.map((framework) => [
      framework,
      counterpartsOf(frameworks, framework).map((counterpart) => ({ ...counterpart, layout: 'anyAxes' })),
    ]),
  );
