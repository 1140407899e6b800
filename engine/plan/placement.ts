/** Gives every buffer its address in the arena, by the steps that use it. */
import type { BufferTable } from './bufferTable.ts';
import { placeBuffers } from './memory.ts';
import type { BufferId, BufferKind, LayerPlan, LossPlan, Plan, PlanStep } from './plan.ts';
import { touched } from './steps.ts';

/** Kinds that carry values from one training step to the next, or are filled before it. */
const lasting: ReadonlySet<BufferKind> = new Set([
  'parameter',
  'gradient',
  'slot',
  'state',
  'target',
  'probe',
]);

export function placeAll(
  { drafts, owner }: BufferTable,
  layers: readonly LayerPlan[],
  losses: readonly LossPlan[],
  steps: readonly PlanStep[],
): Pick<Plan, 'buffers' | 'bytes'> {
  const from = new Array<number>(drafts.length).fill(Number.POSITIVE_INFINITY);
  const to = new Array<number>(drafts.length).fill(-1);
  steps.forEach((step, at) => {
    for (const id of touched(step, layers, losses)) {
      if (id === undefined) continue;
      const place = owner(id);
      from[place] = Math.min(from[place], at);
      to[place] = Math.max(to[place], at);
    }
  });
  const read = new Set(layers.flatMap(({ layer }) => layer.from.map((ref) => ref.layer)));
  // Buffers that the data fills before the first step, those that a caller reads after the last one, and small outputs live for the
  // whole time.
  const kept = new Set<BufferId>([
    ...layers
      .filter(({ inputs, layer }) => inputs.length === 0 || !read.has(layer.name))
      .map(({ output }) => owner(output)),
    ...losses.map(({ prediction }) => owner(prediction)),
    ...layers
      .filter(({ lasts }) => lasts)
      .flatMap(({ output, backward }) => (backward ? [output, backward.gradOutput] : [output]))
      .map(owner),
  ]);
  const owners = drafts.filter((draft) => !draft.within);
  const { offsets, bytes } = placeBuffers(
    owners.map((draft) =>
      lasting.has(draft.kind) || kept.has(draft.id) || to[draft.id] < 0
        ? { bytes: draft.bytes, from: 0, to: steps.length }
        : { bytes: draft.bytes, from: from[draft.id], to: to[draft.id] },
    ),
  );
  const offsetOf = new Map(owners.map((draft, index) => [draft.id, offsets[index]]));
  const buffers = drafts.map(({ within, ...draft }) => ({
    ...draft,
    offset: within
      ? (offsetOf.get(within.buffer) as number) + within.offset
      : (offsetOf.get(draft.id) as number),
  }));
  return { buffers, bytes };
}
