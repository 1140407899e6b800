/** The order of a step's parts, and what each reads and writes. */
import type { BufferTable } from './bufferTable.ts';
import type { BufferId, LayerPlan, LossPlan, PlanStep } from './plan.ts';

/** Forward through all layers, the losses, backward in reverse. */
export function orderSteps(
  layers: readonly LayerPlan[],
  losses: readonly LossPlan[],
  { owner }: BufferTable,
): PlanStep[] {
  const steps: PlanStep[] = [];
  layers.forEach(({ view }, index) => {
    if (!view) steps.push({ op: 'forward', index });
    steps.push({ op: 'probeActivation', index });
  });
  // A gradient buffer is filled by the first step that may overwrite it, or zeroed right before the first that adds to
  // it, not earlier: until then its place may serve another buffer.
  const filled = new Set<BufferId>();
  const zero = (ids: readonly (BufferId | undefined)[]) => {
    for (const id of ids)
      if (id !== undefined && !filled.has(owner(id))) {
        filled.add(owner(id));
        steps.push({ op: 'zero', buffer: id });
      }
  };
  losses.forEach((loss, index) => {
    zero([loss.gradPrediction]);
    steps.push({ op: 'loss', index });
  });
  for (let index = layers.length - 1; index >= 0; index--) {
    const { backward, layer, view } = layers[index];
    if (!backward) continue;
    zero([backward.gradOutput, ...Object.values(backward.gradExtraOutputs)]);
    steps.push({ op: 'probeGradient', index });
    if (view) continue;
    const [gradInput] = backward.gradInputs;
    const overwrites =
      layer.definition.overwrites === true && gradInput !== undefined && !filled.has(owner(gradInput));
    if (overwrites) filled.add(owner(gradInput));
    else zero(backward.gradInputs);
    steps.push({ op: 'backward', index, accumulate: !overwrites });
  }
  return steps;
}

/** Which buffers a step reads or writes, for their lifetimes. */
export function touched(
  step: PlanStep,
  layers: readonly LayerPlan[],
  losses: readonly LossPlan[],
): (BufferId | undefined)[] {
  if (step.op === 'zero') return [step.buffer];
  if (step.op === 'loss') {
    const loss = losses[step.index];
    return [loss.prediction, loss.gradPrediction, loss.target, ...Object.values(loss.saved)];
  }
  const plan = layers[step.index];
  const { backward } = plan;
  if (step.op === 'probeActivation') return [plan.output];
  if (step.op === 'probeGradient') return [backward?.gradOutput];
  const forward = [
    ...plan.inputs,
    plan.output,
    ...Object.values(plan.extraOutputs),
    ...Object.values(plan.saved),
    ...Object.values(plan.scratch),
  ];
  if (step.op === 'forward' || !backward) return forward;
  return [
    ...forward,
    ...backward.gradInputs,
    backward.gradOutput,
    ...Object.values(backward.gradExtraOutputs),
  ];
}
