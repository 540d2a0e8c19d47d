/** What the answers that were read on this page have cost. Source: W3C Resource Timing. */
const STREAMS = /\/api\/chat\/(?:[^/]+\/)?stream\//;
/** A connection is told of a moment after its last frame. */
const SLACK_MS = 2_000;

const spans = new Map<string, { from: number; to: number }>();
let startedAt = 0;

/** The answer that is read now has begun. */
export function noteStart(): void {
  startedAt = performance.now();
}

/** It has ended; all connections that were closed since its start were its own. */
export function noteEnd(messageId: string | null): void {
  if (messageId) spans.set(messageId, { from: startedAt, to: performance.now() + SLACK_MS });
}

/** The bytes of an answer's connections on the line, as far as the browser tells; null for one that was not read here. */
export function bytesOfAnswer(messageId: string): number | null {
  const span = spans.get(messageId);
  if (!span) return null;
  const own = performance
    .getEntriesByType("resource")
    .filter(({ name }) => STREAMS.test(name))
    .map((entry) => entry as PerformanceResourceTiming)
    .filter(({ responseEnd }) => responseEnd >= span.from && responseEnd <= span.to);
  return own.reduce((sum, { transferSize }) => sum + transferSize, 0) || null;
}
