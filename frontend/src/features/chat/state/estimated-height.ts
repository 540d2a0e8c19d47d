/** What a line of text holds, and takes; only the scroll bar depends on how true this is. */
const LINE_CHARS = 72;
const LINE_PX = 28;
/** What stands around the text of a message. */
const AROUND_PX = 60;

/** How high a message that was never drawn may be, in pixels. */
export function estimatedHeight(text: string): number {
  const lines = text.split("\n").reduce((count, line) => count + Math.ceil(line.length / LINE_CHARS), 0);
  return lines * LINE_PX + AROUND_PX;
}
