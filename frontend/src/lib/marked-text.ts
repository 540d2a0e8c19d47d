/** A piece of a text, and whether it is one of its marks. */
export interface Piece {
  text: string;
  isMarked: boolean;
}

/**
 * A text cut at its marks. Positions count code points, as the gateway does, where a string counts UTF-16 units.
 *
 * Marks are in order and do not overlap; what lies outside of the text is left out.
 */
export function cutAtMarks(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const points = [...text];
  const pieces: Piece[] = [];
  let at = 0;
  const take = (to: number, isMarked: boolean) => {
    if (to > at) pieces.push({ text: points.slice(at, to).join(""), isMarked });
    at = Math.max(at, to);
  };
  for (const [from, to] of marks) {
    take(Math.min(from, points.length), false);
    take(Math.min(to, points.length), true);
  }
  take(points.length, false);
  return pieces;
}
