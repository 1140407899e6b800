/** When the threads of a pool are used: where steps are faster with them, and at a bounded cost where they are not. */
import { describe, expect, it } from 'vitest';
import { ThreadAccount } from '../../engine/kernels/wasm/threadAccount.ts';

/** A machine with a simulated clock, on which nothing is idle if it is busy. */
class Machine {
  time = 0;
  idleTime = 0;
  isBusy = false;
  looks = 0;
  now = () => {
    this.looks++;
    return this.time;
  };
  idle = () => this.idleTime;
  pass(milliseconds: number): void {
    this.time += milliseconds;
    if (!this.isBusy) this.idleTime += milliseconds;
  }
}

type Cost = (together: boolean, step: number) => number;

/** Runs steps. Returns for each whether it used all threads. */
function run(machine: Machine, account: ThreadAccount, steps: number, costOf: Cost): boolean[] {
  return Array.from({ length: steps }, (_, step) => {
    const together = account.stepBegins();
    machine.pass(costOf(together, step));
    account.stepEnds(true);
    return together;
  });
}

const opened = (workers = 1) => {
  const machine = new Machine();
  return { machine, account: new ThreadAccount(workers, machine) };
};

const share = (used: readonly boolean[]) => used.filter((together) => together).length / used.length;

describe('the account of threads', () => {
  it.each([
    { together: 0.5, alone: 1, uses: true },
    { together: 0.94, alone: 1, uses: true },
    { together: 0.97, alone: 1, uses: false },
    { together: 1.9, alone: 1, uses: false },
  ])('uses threads only if they save time: $together to $alone', ({ together, alone, uses }) => {
    const { machine, account } = opened();
    const used = run(machine, account, 30_000, (threads) => (threads ? together : alone));
    expect(used.slice(0, 20)).not.toContain(true);
    expect(used[20]).toBe(true);
    if (uses) expect(share(used.slice(20))).toBeGreaterThan(0.98);
    else expect(share(used.slice(2000))).toBeLessThan(together < 1 ? 0.5 : 0.02);
  });

  it.each([
    { alone: 0.3, together: 0.6 },
    { alone: 0.3, together: 9 },
    { alone: 12, together: 14 },
    { alone: 12, together: 60 },
    { alone: 600, together: 900 },
  ])(
    'costs one percent of all time, and what it holds at first and one step, where threads are slower: $together to $alone ms',
    ({ alone, together }) => {
      for (const isBusy of [false, true]) {
        const { machine, account } = opened();
        machine.isBusy = isBusy;
        const steps = Math.ceil(100_000 / alone);
        run(machine, account, steps, (threads) => (threads ? together : alone));
        const lost = machine.time - steps * alone;
        const held = Math.max(10, alone / 2);
        expect(lost).toBeLessThan(0.01 * machine.time + held + together - alone);
        // Where no processor is idle, threads are not tried again.
        if (isBusy) expect(lost).toBeLessThan(2 * held + together - alone);
      }
    },
  );

  it('costs no more where threads are stalled at random, and saves what it can where the machine is quiet again', () => {
    const { machine, account } = opened();
    let random = 1;
    const next = () => {
      random = (random * 16_807) % 2_147_483_647;
      return random / 2_147_483_647;
    };
    const stalled: Cost = (threads) => (threads ? 9 + (next() < 0.4 ? 30 * next() : 0) : 12);
    run(machine, account, 10_000, stalled);
    expect(machine.time).toBeLessThan(1.011 * 120_000);
    const used = run(machine, account, 1000, (threads) => (threads ? 9 : 12));
    expect(share(used.slice(300))).toBeGreaterThan(0.9);
  });

  it('uses threads on while they save more than single stalls cost', () => {
    const { machine, account } = opened();
    const used = run(machine, account, 5000, (threads, step) => (threads ? (step % 40 === 0 ? 50 : 9) : 12));
    expect(share(used.slice(100))).toBeGreaterThan(0.95);
  });

  it('does not stop for hours because the computer slept in a step', () => {
    const { machine, account } = opened();
    const used = run(machine, account, 10_000, (threads, step) =>
      step === 100 ? 8 * 3_600_000 : threads ? 60 : 100,
    );
    expect(share(used.slice(6000))).toBeGreaterThan(0.98);
  });

  it('does not try threads while no processor is idle, but once one is', () => {
    const { machine, account } = opened();
    const cost: Cost = (threads) => (threads ? 9 : 12);
    machine.isBusy = true;
    machine.pass(100);
    expect(run(machine, account, 10_000, cost)).not.toContain(true);
    machine.isBusy = false;
    expect(share(run(machine, account, 2000, cost))).toBeGreaterThan(0.8);
  });

  it('uses threads soon after others were busy for a moment, and costs nothing until then', () => {
    const { machine, account } = opened();
    const cost: Cost = (threads) => (threads ? 30 : 50);
    machine.isBusy = true;
    machine.pass(5000);
    run(machine, account, 4, cost);
    machine.isBusy = false;
    expect(share(run(machine, account, 20, cost).slice(6))).toBe(1);
  });

  it('asks for idle processors so seldom that this costs no more than one percent, however long the answer takes', () => {
    const { machine, account } = opened();
    machine.isBusy = true;
    let asked = 0;
    machine.idle = () => {
      asked += 5;
      machine.time += 5;
      return machine.idleTime;
    };
    run(machine, account, 100_000, () => 1);
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(0.01 * machine.time + 5);
  });

  it('notices that a machine has changed', () => {
    const { machine, account } = opened();
    const used = run(machine, account, 20_000, (threads, step) => (threads === step < 5000 ? 1 : 2));
    expect(share(used.slice(100, 5000))).toBeGreaterThan(0.98);
    expect(share(used.slice(8000))).toBeLessThan(0.02);
    // Alone, steps take longer now than threads: only turns alone show it.
    const slower = opened();
    const still = run(slower.machine, slower.account, 20_000, (threads, step) =>
      threads ? 1.5 : step < 5000 ? 2 : 1,
    );
    expect(share(still.slice(100, 5000))).toBeGreaterThan(0.98);
    expect(share(still.slice(8000))).toBeLessThan(0.03);
  });

  it('does not look at the clock while the leader is alone for long', () => {
    const { machine, account } = opened();
    run(machine, account, 1000, (threads) => (threads ? 2 : 1));
    machine.looks = 0;
    run(machine, account, 10_000, (threads) => (threads ? 2 : 1));
    expect(machine.looks).toBeLessThan(10_000 / 25);
  });

  it('tries threads only once in a while where no work is for them', () => {
    const { machine, account } = opened();
    const used = Array.from({ length: 10_000 }, () => {
      const together = account.stepBegins();
      machine.pass(0.01);
      account.stepEnds(false);
      return together;
    });
    expect(used.filter((together) => together).length).toBeLessThan(5);
  });

  it('uses threads in nearly all steps while the clock stands still, as tests of their results need', () => {
    const { machine, account } = opened();
    expect(share(run(machine, account, 200, () => 0).slice(20))).toBeGreaterThan(0.9);
  });

  it('forgives a first step with threads that takes longer, however long steps are', () => {
    for (const alone of [66, 500]) {
      const { machine, account } = opened();
      let first = true;
      const used = run(machine, account, 30, (threads) => {
        if (!threads) return alone;
        const cost = first ? 1.4 * alone : 0.6 * alone;
        first = false;
        return cost;
      });
      expect(share(used.slice(20))).toBeGreaterThan(0.9);
    }
  });

  it('counts the parts of a step together, and forgets a step that has no end', () => {
    const { machine, account } = opened();
    const step = (parts: readonly number[], ends = true) =>
      parts.map((milliseconds, part) => {
        const together = account.stepBegins(part === 0);
        machine.pass(together ? 0.8 * milliseconds : milliseconds);
        account.stepEnds(together, ends && part === parts.length - 1);
        return together;
      });
    // The last part takes longer because it updates the parameters. With threads it would be slow beside a usual part.
    const used = Array.from({ length: 2000 }, (_, n) => step([1, 1, 1, 3], n % 7 !== 6)).flat();
    expect(used.slice(0, 36)).not.toContain(true);
    expect(share(used.slice(200))).toBeGreaterThan(0.97);
    for (let at = 0; at < used.length; at += 4) expect(new Set(used.slice(at, at + 4)).size).toBe(1);
  });

  it('begins sooner where steps are long', () => {
    const { machine, account } = opened();
    expect(run(machine, account, 6, (threads) => (threads ? 300 : 500))).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });
});
