/** The output's shape as a small box; shapeGlyph.ts says how it is drawn. */
import { glyphPath } from '../model/shapeGlyph.ts';

export function ShapeGlyph({ shape }: { readonly shape: readonly number[] }) {
  return (
    <svg className="shape-glyph" viewBox="0 0 20 14" aria-hidden="true">
      <path d={glyphPath(shape)} />
    </svg>
  );
}
