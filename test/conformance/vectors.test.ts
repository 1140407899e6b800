/** `netloom vectors`: finds reference cases in any folder, computes them, and lists what is wrong or missing. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runVectors } from '../../engine/cli/vectors.ts';
import type { Machine } from '../../engine/conformance/suites.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';

const fixtures = fileURLToPath(new URL('../fixtures/vectors', import.meta.url));
const float64: Machine = { precision: 'float64', backend: referenceBackend };
const float32: Machine = { precision: 'float32', backend: referenceBackend };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-vectors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(directory: string, machine = float64) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const code = runVectors(directory, machine, {
    line: (text) => lines.push(text),
    complain: (text) => complaints.push(text),
  });
  return { code, lines, complaints };
}

type Content = { [name: string]: Content } & Content[] & { data: number[] };

/** A copy of a fixture in `folder`, changed. */
function plant(fixture: string, change: (content: Content) => void, name = basename(fixture)): void {
  const content = JSON.parse(readFileSync(join(fixtures, fixture), 'utf8')) as Content;
  change(content);
  writeFileSync(join(folder, name), JSON.stringify(content));
}

describe.each([float64, float32])('in $precision', (machine) => {
  it('agrees with every reference number in the fixtures', () => {
    const { code, lines, complaints } = run(fixtures, machine);
    expect(complaints).toEqual([]);
    expect(lines.filter((line) => line.startsWith('  failed'))).toEqual([]);
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
  });
});

it('prints first with which precision and kernels it computes', () => {
  const directory = join(fixtures, 'nntrainer-models-v2');
  expect(run(directory).lines[0]).toBe('computed in float64 by the reference backend');
  expect(run(directory, float32).lines[0]).toBe('computed in float32 by the reference backend');
});

it('lists each suite with its counts, and what is unsupported by its reason', () => {
  const { lines } = run(fixtures);
  const suites = lines.filter((line) => /^\S/.test(line)).slice(1, -1);
  expect(suites.map((line) => line.replace(/\d\.\de[+-]\d+$/, 'E'))).toEqual([
    'nntrainer-layers (single layers, Keras in float32): 31 passed, 0 failed, 0 unsupported, largest error E',
    'nntrainer-models (steps of training, Keras in float32): 14 passed, 0 failed, 0 unsupported, largest error E',
    'nntrainer-models-v2 (steps of training, PyTorch in float32): 1 passed, 0 failed, 0 unsupported, largest error E',
    'onnx-node (operators, ONNX node tests): 195 passed, 0 failed, 12 unsupported, largest error E',
    'oracle (values and gradients, PyTorch in float64): 218 passed, 0 failed, 21 unsupported, largest error E',
  ]);
  expect(lines.filter((line) => line.startsWith('  unsupported'))).toEqual([
    '  unsupported flawed reference: its numbers were made with epsilon 0.01; its node states none, which means 1e-6: test_adam_multiple',
    '  unsupported AveragePool: three spatial axes: test_averagepool_3d_dilations_small',
    '  unsupported ConvInteger: no such layer: test_convinteger_with_padding, test_convinteger_without_padding',
    '  unsupported ConvTranspose: three spatial axes: test_convtranspose_3d',
    '  unsupported LpPool: no such layer: test_lppool_1d_default, test_lppool_2d_dilations',
    '  unsupported LRN: no such layer: test_lrn_default',
    '  unsupported MaxPool: three spatial axes: test_maxpool_3d_dilations, test_maxpool_3d_dilations_use_ref_impl',
    '  unsupported Dropout: draws of another generator, without their mask: test_training_dropout, test_training_dropout_default',
    '  unsupported glu: no such layer: glu',
    '  unsupported clip_norm: clipping by the 1-norm: clip_norm1',
    '  unsupported clip_norm: clipping by the inf-norm: clip_norminf',
    '  unsupported adaptive_avg_pool2d: no layer has the configuration {"output_size":[3,2]}: adaptive_avg_3x2',
    ...[
      'sub',
      'div',
      'batched_matmul',
      'exp',
      'log',
      'sqrt',
      'square',
      'pow_2.5',
      'abs',
      'sum_axis0',
      'var_axis0_biased',
      'logsumexp_axis1',
      'slice_step',
      'flip_axis1',
      'maximum',
      'where_gt0',
      'l2_norm_axis1',
    ].map((op) => `  unsupported ${op}: no such layer: o_${op}`),
  ]);
});

describe('a wrong number fails its case, with its place', () => {
  const planted: readonly (readonly [string, (content: Content) => void, RegExp])[] = [
    [
      'oracle/linear.json',
      ({ cases: [one] }) => {
        one.param_grads[0].data[2] += 1e-6;
      },
      /failed linear_2d: gradient of weight\[\d+\] is \S+ instead of \S+/,
    ],
    [
      'oracle/losses.json',
      ({ cases: [one] }) => {
        one.outputs[0].data[0] *= 1.000001;
      },
      /failed a_ce_mean: loss\[0\] is/,
    ],
    [
      'oracle/optimizers.json',
      ({ cases: [one] }) => {
        one.params_after_step[9][0].data[1] += 1e-6;
      },
      /failed sgd: parameters after step 10\[1\] is/,
    ],
    [
      'oracle/train.json',
      ({ cases }) => {
        cases[2].steps[4].params_after[1].data[3] += 1e-6;
      },
      /failed lstm_adam_clip: w_ih after step 5\[/,
    ],
    [
      'nntrainer-layers/lstm_multi_step.json',
      ({ weight_grads: [kernel] }) => {
        kernel.data[0] += 1;
      },
      /failed lstm_multi_step: gradient of kernel\[0\] is/,
    ],
    [
      'nntrainer-models/conv_basic.json',
      ({ iterations }) => {
        iterations[6].layers[1].output.data[0] += 0.1;
      },
      /failed conv_basic: conv2d1's output at step 7\[0\] is/,
    ],
    [
      'nntrainer-models-v2/lstm_single.json',
      ({ iterations }) => {
        iterations[1].params[3].data[1] += 0.1;
      },
      /failed lstm_single: bias_hh_l0 before step 2\[1\] is/,
    ],
    [
      'onnx-node/lstm_with_peepholes.json',
      ({ outputs: [y] }) => {
        y.data[0] += 0.01;
      },
      /failed test_lstm_with_peepholes: Y_h\[0\] is/,
    ],
  ];
  it.each(planted)('in %s', (fixture, change, message) => {
    plant(fixture, change);
    const { code, lines } = run(folder);
    expect(code).toBe(1);
    expect(lines.filter((line) => line.startsWith('  failed'))).toEqual([expect.stringMatching(message)]);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 1 failed, \d+ skipped$/);
  });
});

it('recognizes a file by its content, whatever its name and folder', () => {
  mkdirSync(join(folder, 'deep/in'), { recursive: true });
  plant('oracle/linear.json', () => {}, 'a.json');
  plant('nntrainer-layers/fc_plain.json', () => {}, 'deep/b.json');
  plant('onnx-node/relu.json', () => {}, 'deep/in/c.json');
  const { code, lines } = run(folder);
  expect(code).toBe(0);
  expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual([
    `${basename(folder)} (values and gradients, PyTorch in float64)`,
    'deep (single layers, Keras in float32)',
    join('deep', 'in (operators, ONNX node tests)'),
    '7 passed, 0 failed, 0 skipped',
  ]);
});

it('accepts the folder of one suite, or the folder that contains all of them', () => {
  const { code, lines } = run(join(fixtures, 'nntrainer-models-v2'));
  expect(code).toBe(0);
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
});

it('names a file that cannot be read, runs the others, and fails', () => {
  cpSync(join(fixtures, 'onnx-node/relu.json'), join(folder, 'relu.json'));
  writeFileSync(join(folder, 'cut.json'), '{"cases": [');
  const { code, lines, complaints } = run(folder);
  expect(complaints).toEqual([expect.stringMatching(/cut\.json: error: expected JSON, found .+/)]);
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  expect(code).toBe(1);
});

it.skipIf(process.platform === 'win32')('follows no link to a folder, and one to no file is named', () => {
  cpSync(join(fixtures, 'onnx-node/relu.json'), join(folder, 'relu.json'));
  mkdirSync(join(folder, 'deep'));
  symlinkSync('..', join(folder, 'deep', 'above'));
  symlinkSync('nowhere', join(folder, 'deep', 'gone.json'));
  const { code, lines, complaints } = run(folder);
  expect(complaints).toEqual([expect.stringMatching(/gone\.json: error: expected JSON, found .+ENOENT/)]);
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  expect(code).toBe(1);
});

it('names a case that does not follow its format, and fails', () => {
  cpSync(join(fixtures, 'onnx-node/relu.json'), join(folder, 'relu.json'));
  writeFileSync(join(folder, 'broken.json'), '{"group": "linear", "cases": [null]}');
  const { code, complaints } = run(folder);
  expect(complaints).toEqual([expect.stringMatching(/broken\.json: error: expected values and gradients/)]);
  expect(code).toBe(1);
});

it('skips files of another kind, and reports them', () => {
  cpSync(join(fixtures, 'onnx-node/relu.json'), join(folder, 'relu.json'));
  writeFileSync(join(folder, 'package.json'), '{"name": "x", "version": "1"}');
  writeFileSync(join(folder, 'notes.txt'), 'not for us');
  const { code, complaints } = run(folder);
  expect(complaints).toEqual([
    expect.stringMatching(/package\.json: warning: .+ found an object of name, version\. It is left out\./),
  ]);
  expect(code).toBe(0);
});

it('fails if there is nothing to run', () => {
  const { code, lines, complaints } = run(folder);
  expect(complaints).toEqual([expect.stringContaining('found none in it')]);
  expect(lines.at(-1)).toBe('0 passed, 0 failed, 0 skipped');
  expect(code).toBe(1);
});

it('counts a case as failed if the engine throws an error, and continues', () => {
  plant('oracle/linear.json', ({ cases: [one] }) => {
    one.params = [] as unknown as Content;
  });
  const { code, lines } = run(folder);
  expect(code).toBe(1);
  expect(lines[2]).toMatch(/^ {2}failed linear_2d: could not be computed: the case has no tensor "weight"/);
  expect(lines.at(-1)).toBe('4 passed, 1 failed, 0 skipped');
});
