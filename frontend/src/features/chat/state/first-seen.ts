/** An item of a list, and where its upper edge is in the scrolled content, in pixels. */
export interface Place {
  item: Element;
  offset: number;
}

/**
 * The first item of a list in chunks whose upper edge is within `frame`; else the one that fills it.
 *
 * What grows above that edge, such as an item that is half out of sight, then leaves it where it is.
 */
export function firstSeen(frame: Element, list: Element): Place | null {
  const { top, bottom } = frame.getBoundingClientRect();
  const below = firstBelow(list.children, top);
  const [reaching, next] = [list.children[below - 1], list.children[below]];
  const items = reaching?.children ?? list.children;
  const index = firstBelow(items, top);
  const candidates = [items[index], next, items[index - 1]];
  const item = candidates.find((candidate) => candidate && candidate.getBoundingClientRect().top < bottom);
  return item ? { item, offset: offsetIn(frame, item) } : null;
}

/** How far an item has moved within the content since its place was noted, whoever scrolled meanwhile. */
export function drift(frame: Element, { item, offset }: Place): number {
  return item.isConnected ? offsetIn(frame, item) - offset : 0;
}

function offsetIn(frame: Element, item: Element): number {
  return item.getBoundingClientRect().top - frame.getBoundingClientRect().top + frame.scrollTop;
}

/** The index of the first item whose upper edge is not above `top`; they stand one below the other. */
function firstBelow(items: HTMLCollection, top: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.getBoundingClientRect().top ?? 0) < top) low = middle + 1;
    else high = middle;
  }
  return low;
}
