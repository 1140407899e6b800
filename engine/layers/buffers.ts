/** Shapes, and the buffers that a layer requests from the plan. */

/** Sizes of one sample, without the batch axis; channels and features last: [height, width, channels], [time, features]. */
export type Shape = readonly number[];

/** A buffer that the plan allocates. `batched` buffers have a leading batch axis. */
export interface BufferSpec<D extends 'float' | 'int' = 'float' | 'int'> {
  readonly shape: Shape;
  readonly batched: boolean;
  readonly type: D;
}

/** A persistent buffer that is not trained, such as running statistics. It is part of a checkpoint. */
export interface StateSpec extends BufferSpec<'float'> {
  readonly initial: number;
  /**
   * Carries the sequence of each row over to the next batch. It starts from zero in every pass over the data, and the batches of
   * a pass continue each other.
   */
  readonly carriesSequence?: true;
}

/** A buffer of floats [batch, …shape]. */
export const perSample = (...shape: number[]): BufferSpec<'float'> => ({
  shape,
  batched: true,
  type: 'float',
});
/** A buffer of int32 [batch, …shape]. */
export const perSampleInt = (...shape: number[]): BufferSpec<'int'> => ({
  shape,
  batched: true,
  type: 'int',
});
/** A buffer of floats [shape], without a batch axis. */
export const whole = (...shape: number[]): BufferSpec<'float'> => ({ shape, batched: false, type: 'float' });
