/** Shapes, and the buffers that a layer asks the plan for. */

/** Sizes of one sample, without the batch axis; channels and features last: [height, width, channels], [time, features]. */
export type Shape = readonly number[];

/** A buffer the plan sets aside. `batched` buffers have a leading batch axis. */
export interface BufferSpec<D extends 'float' | 'int' = 'float' | 'int'> {
  readonly shape: Shape;
  readonly batched: boolean;
  readonly type: D;
}

/** A persistent buffer that is not trained, e.g. running statistics; part of a checkpoint. */
export interface StateSpec extends BufferSpec<'float'> {
  readonly initial: number;
  /** Carries each row's sequence on to the next batch: starts from zero with every pass over the data, whose batches then continue each other. */
  readonly carriesSequence?: true;
}

export const perSample = (...shape: number[]): BufferSpec<'float'> => ({
  shape,
  batched: true,
  type: 'float',
});
export const perSampleInt = (...shape: number[]): BufferSpec<'int'> => ({
  shape,
  batched: true,
  type: 'int',
});
export const whole = (...shape: number[]): BufferSpec<'float'> => ({ shape, batched: false, type: 'float' });
