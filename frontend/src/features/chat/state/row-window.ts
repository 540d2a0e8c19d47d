/** Which rows of a list are drawn. */
export interface RowWindow {
  first: number;
  last: number;
  /** Room for the rows that are not drawn, in pixels. */
  before: number;
  after: number;
  /** To be the ref of each row, which says its index as `data-index`; null where nobody measures. */
  measure: ((row: HTMLElement | null) => void) | null;
}

/** Until a row has been measured. */
export const ROW_PX = 40;

/** The first rows of a list, at most so many. */
export function firstRows(count: number, most: number): RowWindow {
  const last = Math.min(count, most) - 1;
  return { first: 0, last, before: 0, after: (count - 1 - last) * ROW_PX, measure: null };
}
