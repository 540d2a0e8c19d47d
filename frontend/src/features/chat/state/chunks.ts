import { placeOf, type VisibleMessage } from "@/features/chat/state/visible-messages";

/** How many messages are in a chunk, about. */
const CHUNK_MESSAGES = 16;

/**
 * Cut a list into chunks, each of which the browser lays out and paints, or leaves out, as one.
 *
 * A chunk begins where the id of a place says so: such places stay the same whatever comes before or after, and no
 * message moves to another chunk. `firsts` are places that were the first of the list once: what comes in above one
 * of them is no part of its chunk.
 */
export function chunksOf<Item>(
  messages: VisibleMessage[],
  items: Item[],
  firsts: ReadonlySet<string>,
): { key: string; messages: VisibleMessage[]; items: Item[] }[] {
  const starts = messages.flatMap((message, index) => {
    const place = placeOf(message);
    return index === 0 || firsts.has(place) || beginsChunk(place) ? [{ index, place }] : [];
  });
  return starts.map(({ index, place }, number) => {
    const end = starts[number + 1]?.index ?? messages.length;
    return { key: place, messages: messages.slice(index, end), items: items.slice(index, end) };
  });
}

/** The digits of an id are random. */
function beginsChunk(place: string): boolean {
  return Number.parseInt(place.slice(-2), 16) % CHUNK_MESSAGES === 0;
}
