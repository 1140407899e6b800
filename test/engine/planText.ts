/** A plan as text, which tests compare. */
import type { Plan, PlanStep } from '../../engine/plan/plan.ts';

export function printPlan(plan: Plan): string {
  const lines = [
    `batch ${plan.batchSize}, ${plan.float}, ${plan.parameterCount} parameters, ${plan.bytes} bytes`,
    '',
    'buffers',
    ...plan.buffers.map(
      ({ name, kind, type, shape, offset, bytes }) =>
        `  ${offset}+${bytes}  ${name}  ${kind} ${type} [${shape.join(', ')}]`,
    ),
    '',
    'steps',
    ...plan.steps.map((step) => `  ${step.op} ${subject(plan, step)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function subject(plan: Plan, step: PlanStep): string {
  if (step.op === 'zero') return plan.buffers[step.buffer].name;
  if (step.op === 'loss') return plan.losses[step.index].spec.type;
  return plan.layers[step.index].layer.name;
}
