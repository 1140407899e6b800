/**
 * Large texts, valid and hostile, that take as much work to analyse as we could achieve within 8 MiB. The tests check the
 * messages about them; `node test/bench/analysis.mjs` measures the time.
 */

const repeat = (count: number, item: (index: number) => string, separator = ', '): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator);
const long = (length: number, letter = 'q'): string => letter.repeat(length);

const input = '"z": { "type": "input", "shape": [3] }';
const layers = (items: string, rest = ''): string => `{ "layers": { ${input}, ${items} }${rest} }`;
/** `count` layers, made from their index. */
const many = (count: number, item: (index: number) => string): string =>
  layers(repeat(count, (i) => `"a${i}": { ${item(i)} }`));
const before = (i: number): string => (i === 0 ? 'z' : `a${i - 1}`);
const chain = (count: number, item: (index: number) => string): string =>
  many(count, (i) => `"from": "${before(i)}", ${item(i)}`);
const training = (section: string): string => `{ "layers": { ${input} }, "training": { ${section} } }`;

/** The most layers that are read. */
const most = 7_999;
const convolution = '"type": "conv2d", "filters": 4, "kernelSize": 3, "padding": "same"';

/** The texts. Each is named after what makes it expensive. */
export const largeTexts: { readonly [name: string]: () => string } = {
  // Valid networks.
  'a chain of 2,000 dense layers': () => chain(2_000, () => '"type": "dense", "units": 3'),
  'a chain of 8,000 activations': () => chain(most, () => '"type": "relu"'),
  'a chain of 8,000 dense layers': () => chain(most, () => '"type": "dense", "units": 3'),
  'a chain of 8,000 layers, indented': () =>
    JSON.stringify(JSON.parse(chain(most, () => '"type": "dense", "units": 3, "l2": 0.001')), undefined, 4),
  'a chain of 8,000 convolutions': () =>
    `{ "layers": { "z": { "type": "input", "shape": [8, 8, 3] }, ${repeat(most, (i) => `"a${i}": { "from": "${before(i)}", ${convolution} }`)} } }`,
  'a chain of 8,000 recurrent layers': () =>
    `{ "layers": { "z": { "type": "input", "shape": [8, 3] }, ${repeat(most, (i) => `"a${i}": { "from": "${before(i)}", "type": "lstm", "units": 3, "sequences": true }`)} } }`,
  'layers with all their attributes': () =>
    chain(
      most,
      () =>
        '"type": "dense", "units": 3, "useBias": true, "kernelInitializer": { "type": "heNormal" }, "biasInitializer": { "type": "constant", "value": 0 }, "l1": 0, "l2": 0, "trainable": true',
    ),
  'layers that share': () =>
    chain(most, (i) => `"type": "dense", "units": 3${i === 0 ? '' : ', "shares": "a0"'}`),
  'a place for each layer': () =>
    layers(
      repeat(most, (i) => `"a${i}": { "type": "relu", "from": "${before(i)}" }`),
      `, "layout": { ${repeat(most, (i) => `"a${i}": [${i * 10}, ${i}]`)} }`,
    ),
  'layers that read many': () =>
    layers(
      `${repeat(500, (i) => `"a${i}": { "type": "relu", "from": "z" }`)}, ${repeat(150, (i) => `"b${i}": { "type": "add", "from": [${repeat(990, (j) => `"a${j % 500}"`)}] }`)}`,
    ),
  'concatenations that grow': () => chain(most, (i) => `"type": "concat", "from": ["${before(i)}", "z"]`),
  'long comments': () =>
    layers(repeat(most, (i) => `/* ${long(700)} */ "a${i}": { "type": "relu", "from": "${before(i)}" }`)),
  'names of 64 letters': () =>
    layers(
      repeat(
        most,
        (i) => `"${long(58)}${i}": { "type": "relu", "from": "${i === 0 ? 'z' : `${long(58)}${i - 1}`}" }`,
      ),
    ),
  'names as escapes': () =>
    layers(repeat(most, (i) => `"${'\\u0071'.repeat(50)}${i}": { "type": "relu", "from": "z" }`)),

  // A mistake in each layer.
  'unknown types': () => chain(most, (i) => `"type": "dens${i}"`),
  'no type': () => many(most, () => '"from": "z"'),
  'a type that is a number': () => many(most, () => '"from": "z", "type": 1'),
  'missing attributes': () => chain(most, () => '"type": "dense"'),
  'wrong attributes': () => chain(most, () => '"type": "dense", "units": -1'),
  'five wrong attributes each': () =>
    chain(
      most,
      () => '"type": "conv2d", "filters": -1, "kernelSize": "x", "strides": 0, "padding": 1, "dilation": -3',
    ),
  'unknown attributes': () => chain(most, (i) => `"type": "dense", "units": 1, "unit${i}": 1`),
  'twenty unknown attributes each': () =>
    chain(9_000, () => `"type": "relu", ${repeat(18, (j) => `"unit${j}": 1`)}`),
  'nearly the right attribute': () => chain(most, () => '"type": "dense", "unit": 1'),
  'unknown initializers': () =>
    chain(most, () => '"type": "dense", "units": 1, "kernelInitializer": "heNorma"'),
  'layers that are numbers': () => layers(repeat(most, (i) => `"a${i}": 1`)),
  'layers that are long texts': () => layers(repeat(most, (i) => `"a${i}": "${long(700)}"`)),
  'layers that are lists': () => layers(repeat(1_500, (i) => `"a${i}": [${repeat(60, (j) => `${j}`)}]`)),
  'names that are none': () => layers(repeat(most, (i) => `"a ${i}!": { "type": "relu", "from": "z" }`)),
  'unknown sources': () => many(most, (i) => `"type": "relu", "from": "b${i}"`),
  'sources that are none': () => many(most, () => '"type": "relu", "from": "z.a.b"'),
  'a hundred thousand unknown sources': () =>
    many(180, () => `"type": "add", "from": [${repeat(990, (j) => `"b${j}"`)}]`),
  'unknown outputs': () => many(most, (i) => `"type": "relu", "from": "z.out${i}"`),
  'unknown owners': () => chain(most, (i) => `"type": "dense", "units": 3, "shares": "b${i}"`),
  'owners of another shape': () =>
    chain(most, (i) => `"type": "dense", "units": ${i + 1}${i === 0 ? '' : ', "shares": "a0"'}`),
  'no inputs': () => many(most, () => '"type": "relu"'),
  'too many inputs': () => many(most, () => '"type": "relu", "from": ["z", "z"]'),
  'inputs that do not fit': () =>
    layers(
      `"y": { "type": "input", "shape": [4] }, ${repeat(most - 1, (i) => `"a${i}": { "type": "add", "from": ["z", "y"] }`)}`,
    ),
  'sizes too large': () => many(most, () => '"type": "dense", "units": 2147483647, "from": "z"'),
  'windows too large': () =>
    `{ "layers": { "z": { "type": "input", "shape": [8, 8, 3] }, ${repeat(most, (i) => `"a${i}": { "from": "z", "type": "conv2d", "filters": 4, "kernelSize": 99 }`)} } }`,
  'unused layers': () =>
    layers(
      repeat(most, (i) => `"a${i}": { "type": "relu", "from": "z" }`),
      ', "training": { "data": "spiral", "loss": { "type": "meanSquaredError", "from": "z" }, "optimizer": "sgd" }',
    ),
  'layers that read themselves': () => many(most, (i) => `"type": "relu", "from": "a${i}"`),
  'rings of two': () => many(most, (i) => `"type": "relu", "from": "a${i ^ 1}"`),
  'one ring': () => many(most, (i) => `"type": "relu", "from": "a${(i + 1) % most}"`),
  'the same name': () => layers(repeat(most, () => '"a": { "type": "relu", "from": "z" }')),
  __proto__: () => layers(repeat(most, () => '"__proto__": { "type": "relu", "from": "z" }')),
  'endless numbers': () => many(most, () => '"type": "dense", "from": "z", "units": 1e999'),
  'lists of endless numbers': () =>
    layers(`"a": { "type": "reshape", "shape": [${repeat(99_000, () => '1e999')}] }`),
  'batches of one': () =>
    layers(
      repeat(most, (i) => `"a${i}": { "type": "batchNorm", "from": "${before(i)}" }`),
      `, "training": { "data": "spiral", "loss": { "type": "meanSquaredError", "from": "a${most - 1}" }, "optimizer": "sgd", "batchSize": 1 }`,
    ),
  'similar names that are none': () =>
    layers(repeat(most, (i) => `"${long(50)}${i}": { "type": "relu", "from": "${long(50)}x${i}" }`)),
  'very many layers': () => layers(repeat(7_900, (i) => `"a${i}": { "type": "relu", "from": "z" }`)),
  'very many layers of nothing': () => layers(repeat(7_900, (i) => `"a${i}": {}`)),

  // Long words.
  'long names': () => layers(repeat(125, (i) => `"${long(60_000)}${i}": { "type": "relu", "from": "z" }`)),
  'long names with a type each': () =>
    layers(repeat(60, (i) => `"${long(60_000)}${i}": { "type": "${long(60_000, 'w')}", "from": "z" }`)),
  'long names as escapes': () =>
    layers(repeat(125, (i) => `"${'\\u0071'.repeat(10_000)}${i}": { "type": "relu", "from": "z" }`)),
  'long names of wide letters': () =>
    layers(repeat(125, (i) => `"${long(60_000, 'ß')}${i}": { "type": "relu", "from": "z" }`)),
  'long types': () => many(125, () => `"type": "${long(60_000)}", "from": "z"`),
  'long attributes': () => many(125, () => `"type": "relu", "from": "z", "${long(60_000)}": 1`),
  'long sources': () => many(125, () => `"type": "relu", "from": "${long(60_000)}"`),
  'long sources of dots': () => many(125, () => `"type": "relu", "from": "${long(60_000, '.')}"`),
  'long outputs': () => many(125, () => `"type": "relu", "from": "z.${long(60_000)}"`),
  'long values': () => many(125, () => `"type": "dense", "from": "z", "units": "${long(60_000)}"`),
  'long texts of quotes': () =>
    many(125, () => `"type": "dense", "from": "z", "units": "${long(30_000, '\\"')}"`),
  'long texts of lone surrogates': () =>
    many(125, () => `"type": "dense", "from": "z", "units": "${long(10_000, '\\ud800')}"`),
  'long numbers': () => many(125, () => `"type": "dense", "from": "z", "units": ${long(60_000, '9')}`),
  'long sections': () => `{ "layers": {}, ${repeat(125, (i) => `"${long(60_000)}${i}": 1`)} }`,
  'long places': () => `{ "layers": {}, "layout": { ${repeat(125, (i) => `"${long(60_000)}${i}": 1`)} } }`,
  'names of 600 letters': () =>
    layers(repeat(most, (i) => `"${long(600)}${i}": { "type": "relu", "from": "z" }`)),
  'sources of 600 letters': () => many(most, () => `"type": "relu", "from": "${long(600)}"`),
  'types of 600 letters': () => many(most, () => `"type": "${long(600)}", "from": "z"`),

  // Sections other than layers.
  'unknown sections': () => `{ "layers": {}, ${repeat(7_900, (i) => `"layer${i}": 1`)} }`,
  'unknown settings': () => training(repeat(7_900, (i) => `"epoch${i}": 1`)),
  'many losses': () => training(`"loss": [${repeat(990, () => '{ "type": "hing", "from": "y" }')}]`),
  'many metrics': () => training(`"metrics": [${repeat(990, () => '"accurac"')}]`),
  'a weight for each of 99,000 classes': () =>
    training(
      `"loss": { "type": "softmaxCrossEntropy", "from": "z", "classWeights": [${repeat(99_000, () => '1')}] }`,
    ),
  'places of no layer': () => `{ "layers": {}, "layout": { ${repeat(7_900, (i) => `"b${i}": [0, 0]`)} } }`,
  'places that are none': () => `{ "layers": {}, "layout": { ${repeat(7_900, (i) => `"b${i}": 0`)} } }`,

  // Syntax.
  'very many values': () => `{ "x": [${repeat(99_900, () => '0', ',')}] }`,
  'very many objects': () => `{ "x": [${repeat(99_000, () => '{}', ',')}] }`,
  'very many names': () =>
    `{ "x": [${repeat(10, () => `{${repeat(7_900, (i) => `"a${i}":0`, ',')}}`, ',')}] }`,
  'lists in lists': () => `{ "x": [${repeat(3_000, () => '['.repeat(60) + ']'.repeat(60), ',')}] }`,
  'blanks and lines': () => `{ ${' \n'.repeat(499_000)} "layers": {} }`,
  'lines of nothing but a comment': () => `{ ${'//\n'.repeat(330_000)} "layers": {} }`,
  'comments in words': () => `{ ${'/**/ '.repeat(490_000)} "layers": {} }`,
  'one comment of 8 MiB': () => `{ /* ${long(4_99_000, '* ')} */ "layers": {} }`,
  'errors everywhere': () => `{ "layers": { ${repeat(100_000, () => '? 1 ;', ' ')} } }`,
  'conflict markers everywhere': () => `{ "layers": {\n${'<<<<<<< \n'.repeat(300_000)} } }`,
  'single quotes': () => `{ ${"'a':'b',".repeat(120_000)} }`,
  'strings that are not closed': () => `{ ${'"abc\n'.repeat(450_000)} }`,
  'letters one by one': () => `{ ${'a '.repeat(480_000)} }`,
  'braces that close': () => '}'.repeat(990_000),
  'nothing but commas': () => `{ ${','.repeat(990_000)} }`,
  'too many braces': () => '{"a":'.repeat(1_000_000),
  'eight megabytes of zeros': () => '\u0000'.repeat(8_000_000),
  'eight megabytes of lines': () => '\n'.repeat(8_000_000),
  'more than eight megabytes': () => long(8_500_000, ' '),
};
