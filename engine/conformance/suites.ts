/**
 * The formats of reference files. A file is recognized by its content, not by its name or folder. Each of its cases is run on the
 * engine, and the results are compared at the tolerance of the authors of the numbers.
 */
import type { Backend } from '../kernels/backend.ts';
import { oracleGroups } from './groups.ts';
import { type KerasCase, runKerasCase } from './keras.ts';
import type { OnnxCase } from './onnx/case.ts';
import { runOnnxNode } from './onnx/run.ts';
import {
  type Comparison,
  compare,
  type OracleCase,
  type Precision,
  type Tolerance,
  type Unsupported,
} from './oracle.ts';
import { type RecurrentTraceCase, runRecurrentTraceCase } from './recurrentTraces.ts';
import { runTraceCase, type TraceCase } from './traces.ts';
import { runTrainingCase, type TrainingCase } from './trainings.ts';

/** The precision and the kernels with which cases are computed. */
export interface Machine {
  readonly precision: Precision;
  readonly backend: Backend;
}

export interface Result {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'unsupported';
  /** Largest absolute difference; 0 if nothing was compared. */
  readonly error: number;
  /** For a failure, the places that differ; for an unsupported case, what is missing. */
  readonly details: readonly string[];
}

type Run = readonly Comparison[] | Unsupported;

interface Case {
  readonly id: string;
  readonly run: (machine: Machine) => Run;
}

type Content = { readonly [name: string]: unknown };

interface Format {
  /** What the numbers are and who made them, for the report. */
  readonly title: string;
  readonly recognizes: (content: Content) => boolean;
  readonly cases: (content: Content) => readonly Case[];
  readonly tolerance: (precision: Precision) => Tolerance;
}

const has = (content: Content, ...names: readonly string[]): boolean =>
  names.every((name) => content[name] !== undefined);

/** A file that is one case. */
const one =
  <C extends { readonly name: string }>(run: (one: C, precision: Precision, backend: Backend) => Run) =>
  (content: Content): readonly Case[] => {
    const only = content as unknown as C;
    return [{ id: only.name, run: ({ precision, backend }) => run(only, precision, backend) }];
  };

function oracleRun(group: string, oracleCase: OracleCase, { precision, backend }: Machine): Run {
  if (oracleCase.op === 'train_trajectory')
    return runTrainingCase(oracleCase as unknown as TrainingCase, precision, backend);
  const named = Object.hasOwn(oracleGroups, group) ? [oracleGroups[group]] : Object.values(oracleGroups);
  let missing: Unsupported = { unsupported: `${oracleCase.op}: no such operation` };
  for (const run of new Set(named)) {
    const result = run(oracleCase, precision, backend);
    if (!('unsupported' in result)) return result;
    missing = result;
  }
  return missing;
}

export const formats: readonly Format[] = [
  {
    title: 'values and gradients, PyTorch in float64',
    recognizes: (content) => has(content, 'cases') && Array.isArray(content.cases),
    cases: ({ group, cases }) =>
      (cases as readonly OracleCase[]).map((oracleCase) => ({
        id: oracleCase.id,
        run: (machine) => oracleRun(`${group}`, oracleCase, machine),
      })),
    tolerance: (precision) => precision,
  },
  {
    title: 'single layers, Keras in float32',
    recognizes: (content) => has(content, 'layer', 'inputs', 'weights', 'outputs'),
    cases: one<KerasCase>(runKerasCase),
    tolerance: () => 'keras',
  },
  {
    title: 'steps of training, Keras in float32',
    recognizes: (content) => has(content, 'layers', 'initial_weights', 'iterations'),
    cases: one<TraceCase>(runTraceCase),
    tolerance: () => 'trace',
  },
  {
    title: 'steps of training, PyTorch in float32',
    recognizes: (content) => has(content, 'config', 'iterations') && !has(content, 'layers'),
    cases: one<RecurrentTraceCase>(runRecurrentTraceCase),
    tolerance: () => 'trace',
  },
  {
    title: 'operators, ONNX node tests',
    recognizes: (content) => has(content, 'nodes', 'inputs', 'outputs'),
    cases: one<OnnxCase>(runOnnxNode),
    tolerance: () => 'onnx',
  },
];

/** The format of a file's content; undefined if it is unknown. */
export function formatOf(content: unknown): Format | undefined {
  if (content === null || typeof content !== 'object' || Array.isArray(content)) return undefined;
  return formats.find(({ recognizes }) => recognizes(content as Content));
}

/** Runs every case of a file. A case on which the engine throws has failed; the others still run. */
export function runFile(format: Format, content: Content, machine: Machine): readonly Result[] {
  const tolerance = format.tolerance(machine.precision);
  return format.cases(content).map(({ id, run }): Result => {
    try {
      return judge(id, run(machine), tolerance);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { id, outcome: 'failed', error: Number.NaN, details: [`could not be computed: ${message}`] };
    }
  });
}

function judge(id: string, run: Run, tolerance: Tolerance): Result {
  if ('unsupported' in run) return { id, outcome: 'unsupported', error: 0, details: [run.unsupported] };
  if (run.length === 0) return { id, outcome: 'failed', error: 0, details: ['nothing to compare'] };
  const agreements = run.map((comparison) => compare(comparison, tolerance));
  const wrong = agreements.filter(({ agrees }) => !agrees);
  return {
    id,
    outcome: wrong.length === 0 ? 'passed' : 'failed',
    error: agreements.reduce((most, { error }) => Math.max(most, error), 0),
    details: wrong.map(({ detail }) => detail),
  };
}
