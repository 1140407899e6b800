/**
 * The two looks of an exported picture, light and dark. They do not follow the theme, because a picture is for a paper or a page.
 */

export interface PictureLook {
  readonly background: string;
  readonly card: string;
  readonly row: string;
  readonly border: string;
  readonly edge: string;
  readonly text: string;
  readonly muted: string;
  readonly warn: string;
  readonly bad: string;
  /** Of a gradient that fades from the loss on, or explodes. */
  readonly faded: string;
  readonly exploded: string;
  /** By category; other categories are `muted`. */
  readonly categories: { readonly [category: string]: string };
}

/** Fonts that nearly every program has, by name, so that text stays text. */
export const fontFamily = 'Helvetica, Arial, sans-serif';

export const light: PictureLook = {
  background: '#ffffff',
  card: '#f5f6f8',
  row: '#ffffff',
  border: '#bcc2ca',
  edge: '#6e7781',
  text: '#1f2328',
  muted: '#57606a',
  warn: '#9a6700',
  bad: '#cf222e',
  faded: '#0969da',
  exploded: '#bc4c00',
  categories: {
    input: '#1a7f37',
    core: '#0969da',
    convolution: '#8250df',
    pooling: '#1b7c83',
    recurrent: '#bc4c00',
    attention: '#bf3989',
    activation: '#b08800',
    normalization: '#0e7490',
    regularization: '#a21caf',
    merge: '#3b82f6',
  },
};

export const dark: PictureLook = {
  background: '#1f1f1f',
  card: '#2a2a2a',
  row: '#232323',
  border: '#4f4f4f',
  edge: '#969696',
  text: '#ececec',
  muted: '#b3b3b3',
  warn: '#d7a33a',
  bad: '#f47067',
  faded: '#539bf5',
  exploded: '#e0823d',
  categories: {
    input: '#57ab5a',
    core: '#539bf5',
    convolution: '#b083f0',
    pooling: '#39c5cf',
    recurrent: '#e0823d',
    attention: '#e275ad',
    activation: '#c69026',
    normalization: '#56d4dd',
    regularization: '#d16fd8',
    merge: '#6cb6ff',
  },
};
