/** The counterpart of a layer in another framework: its name, attributes and the layout of its tensors. */
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
  /** Number of axes of the input, including the batch, if the operator takes exactly that many. */
  readonly rank?: number;
  /**
   * The layout of the operator's inputs and outputs: channels as the second axis, where Netloom has them last; or any tensor,
   * without a batch axis. Default: as in Netloom.
   */
  readonly layout?: 'channelsFirst' | 'anyAxes';
  /** Trained tensors, by Netloom's name. */
  readonly parameters?: { readonly [K in Parameters]?: ForeignSource };
  /** Tensors that are kept but not trained, by Netloom's name. */
  readonly state?: { readonly [K in State]?: ForeignSource };
  /** The attribute with the number of channels or features of the input, which Netloom infers. */
  readonly inputFeatures?: string;
  /** The ONNX names of the operator's inputs, in order, starting with the layer's inputs. */
  readonly operands?: readonly string[];
};

export type LayerFrameworks<
  A extends AttributeTable,
  Parameters extends string = string,
  State extends string = string,
> = Frameworks<LayerCounterpart<A, Parameters, State>>;

export const frameworkNames: readonly Framework[] = ['pytorch', 'keras', 'onnx'];

/** Counterparts of a layer that computes each element alone, in any layout. */
export const onAnyAxes = <A extends AttributeTable>(
  frameworks: Frameworks<Counterpart<A>>,
): LayerFrameworks<A, never, never> =>
  Object.fromEntries(
    frameworkNames.map((framework) => [
      framework,
      counterpartsOf(frameworks, framework).map((counterpart) => ({ ...counterpart, layout: 'anyAxes' })),
    ]),
  );
