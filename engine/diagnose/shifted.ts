/** Whether targets are the inputs of the next time step. */

type Numbers = Float32Array | Int32Array;

/** Share of the time steps that must agree; padded ones do not. */
const agreeing = 0.9;

/** Whether targets are shifted inputs. `inputs` and `targets`: [count, time, …], with equally many values for each step. */
export function isShifted(inputs: Numbers, targets: Numbers, time: number, count: number): boolean {
  if (time < 3 || inputs.length !== targets.length) return false;
  const width = inputs.length / (count * time);
  let [steps, next, still] = [0, 0, 0];
  for (let sample = 0; sample < count; sample++)
    for (let step = 0; step < time - 1; step++) {
      const start = (sample * time + step) * width;
      let [isNext, isSame] = [true, true];
      for (let i = start; i < start + width; i++) {
        if (targets[i] !== inputs[i + width]) isNext = false;
        if (inputs[i] !== inputs[i + width]) isSame = false;
      }
      steps++;
      next += Number(isNext);
      still += Number(isSame);
    }
  // If inputs hardly change from step to step, the agreement means nothing.
  return next >= agreeing * steps && still < agreeing * steps;
}
