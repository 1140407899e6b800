/** Random numbers that a case prescribes. */
import { Random } from '../kernels/random.ts';

/** Draws with which dropout keeps exactly what a given mask keeps. */
export class MaskedRandom extends Random {
  #index = 0;

  constructor(readonly mask: ArrayLike<number>) {
    super(0);
  }

  override uniform(): number {
    return this.mask[this.#index++] === 0 ? 0 : 1;
  }
}

/** Draws 1, which is the end of the uniform range, and one standard deviation of the normal distribution. */
export class UnitRandom extends Random {
  override uniform(): number {
    return 1;
  }

  override normal(): number {
    return 1;
  }
}
