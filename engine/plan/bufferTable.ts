/** Buffers of a plan during compilation: before they have addresses. */
import { type BufferSpec, type Shape, sizeOf } from '../layers/define.ts';
import type { BufferId, BufferKind, PlanBuffer } from './plan.ts';

/** A buffer before it has a place. */
export type Draft = Omit<PlanBuffer, 'offset'> & {
  /** Its offset in another buffer, in bytes. */
  readonly within?: { readonly buffer: BufferId; readonly offset: number };
};

/** The most bytes of an output that keeps its memory until the step ends. */
const mostLasting = 4096;

export class BufferTable {
  readonly drafts: Draft[] = [];
  /** The buffer that contains a buffer: itself, unless it is a part of another. */
  readonly owner = (id: BufferId): BufferId => this.drafts[id].within?.buffer ?? id;
  /**
   * Whether an output or its gradient keeps its memory until the step ends: small ones do, so that one call can measure them all.
   * Larger ones share memory, and are measured while they are in the cache.
   */
  readonly lasts = (id: BufferId): boolean => this.drafts[id].bytes <= mostLasting;

  constructor(
    readonly batchSize: number,
    readonly floatBytes: number,
  ) {}

  add(name: string, kind: BufferKind, spec: BufferSpec, within?: Draft['within']): BufferId {
    const id = this.drafts.length;
    const shape = spec.batched ? [this.batchSize, ...spec.shape] : spec.shape;
    const length = sizeOf(shape);
    const bytes = length * (spec.type === 'int' ? 4 : this.floatBytes);
    this.drafts.push({
      id,
      name,
      kind,
      type: spec.type,
      shape,
      length,
      bytes,
      ...(within ? { within } : {}),
    });
    return id;
  }

  addAll(
    owner: string,
    kind: BufferKind,
    specs: { readonly [name: string]: BufferSpec } = {},
  ): { [name: string]: BufferId } {
    return Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [name, this.add(`${owner}.${name}`, kind, spec)]),
    );
  }
}

export const float = (shape: Shape, batched: boolean): BufferSpec<'float'> => ({
  shape,
  batched,
  type: 'float',
});
