/** Numbers from −1 to 1 as pixels: zero in the colour of the background, positive towards orange, negative towards blue. */

/** Distinct for every kind of colour vision, on light and dark backgrounds. */
const positive = [230, 126, 20];
const negative = [40, 120, 215];

/** `values` row by row; undefined is transparent, NaN is red. The canvas is `columns` wide. */
export function drawPixels(canvas: HTMLCanvasElement, values: readonly (number | undefined)[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const base = backgroundOf(canvas);
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, index) => {
    if (value === undefined) return;
    const end = Number.isNaN(value) ? [255, 0, 0] : value < 0 ? negative : positive;
    const share = Number.isNaN(value) ? 1 : Math.min(1, Math.abs(value));
    for (let c = 0; c < 3; c++) image.data[4 * index + c] = base[c] + share * (end[c] - base[c]);
    image.data[4 * index + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/** The colour of zero: the background, slightly towards the text colour, so that the picture has a visible edge. */
function backgroundOf(element: HTMLElement): number[] {
  const { color } = getComputedStyle(element);
  const [text, behind] = [color, getComputedStyle(document.body).backgroundColor].map(
    (colour) =>
      colour
        .match(/[\d.]+/g)
        ?.slice(0, 3)
        .map(Number) ?? [128, 128, 128],
  );
  return behind.map((value, c) => value + 0.08 * (text[c] - value));
}
