import { FOLLOW_BACKOFF_MS, HIDDEN_GRACE_MS, STREAM_SILENCE_MS } from "@/config/limits";
import { DONE, parseChatEvent } from "@/features/chat/state/parse-event";
import type { ChatEvent, LineEvent } from "@/features/chat/types";
import { ConnectionLost, isPassing } from "@/lib/errors";
import { readFrames } from "@/lib/sse";
import { onceHidden } from "@/lib/visibility";
import { type Interruption, noisy, waitFor } from "@/lib/wait";

export interface AnswerSource {
  first: Response | null;
  /** Whether the answer is known by name yet; a line that breaks before that is the sender's to repeat. */
  canFollow: () => boolean;
  /** Opens the answer after the last frame that was applied, or from its first; null when there is none any more. */
  follow: (signal: AbortSignal) => Promise<Response | null>;
  /** Asked when there is none: whether one is running all the same, not ready to be followed yet. */
  isRunning: () => Promise<boolean>;
  /** Applies an event; `id` is its frame's. */
  dispatch: (event: ChatEvent | LineEvent, id: string | null) => void;
  /** Its `wake` event ends any wait. */
  waker: EventTarget;
  signal: AbortSignal;
}

/** A connection that has lasted so long is one, though nothing is said on it: a gateway may end it at once. */
const SETTLED_MS = 1_000;

/** How a connection ended: said all, nothing to follow, broken, let go by a hidden tab, one of too many. */
type Ending = "done" | "gone" | "cut" | "hidden" | "crowded";

/** The gateway's last word to the oldest of too many readers. */
const CROWDED = "too_many_readers";
const SEEN: Interruption = [document, "visibilitychange"];

/**
 * Read an answer to its end, over as many connections as it takes, and none while nobody can see it.
 *
 * Resolves at `[DONE]`, or when the server no longer knows the answer (it ended long ago: fetch the conversation).
 * Raises: ConnectionLost when the line stays dead, ApiProblem when following is refused, AbortError.
 */
export async function readAnswer(source: AnswerSource): Promise<void> {
  const { signal, waker, dispatch } = source;
  const woken: Interruption = [waker, "wake"];
  let response = source.first;
  for (let failures = 0; ; ) {
    if (!response && document.hidden) await waitFor({ until: [SEEN, woken], signal });
    const { ending, frames } = await readConnection(source, response);
    response = null;
    if (ending === "done" || ending === "gone") return;
    if (!source.canFollow()) throw new ConnectionLost();
    if (ending === "hidden") continue;
    if (ending === "crowded") {
      dispatch({ type: "line-parked" }, null);
      await waitFor({ until: [SEEN, [window, "focus"], woken], signal });
      continue;
    }
    if (frames > 0) failures = 0;
    dispatch({ type: "line-cut" }, null);
    const pauseMs = FOLLOW_BACKOFF_MS[failures++];
    if (pauseMs === undefined) throw new ConnectionLost();
    await waitFor({ ms: noisy(pauseMs), until: [SEEN, [window, "online"], woken], signal });
  }
}

interface Reading {
  ending: Ending;
  /** How many frames came. */
  frames: number;
}

/** Open a connection, unless it is the first one, and read it until it ends or nobody sees the page any more. */
async function readConnection(source: AnswerSource, first: Response | null): Promise<Reading> {
  const { signal } = source;
  const line = new AbortController();
  signal.addEventListener("abort", () => line.abort(signal.reason), { signal: line.signal });
  // A prompt that is not confirmed yet is not let go: only its sender could repeat it.
  const forget = onceHidden(HIDDEN_GRACE_MS, () => source.canFollow() && line.abort());
  let settled: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  try {
    const response = first ?? (await source.follow(line.signal));
    if (!response) return { ending: (await source.isRunning()) ? "cut" : "gone", frames: 0 };
    if (!first) settled = setTimeout(() => source.dispatch({ type: "line-open" }, null), SETTLED_MS);
    const reading = await readBody(response, source, line.signal);
    isOver = reading.ending === "done";
    return reading;
  } catch (error) {
    if (line.signal.aborted && !signal.aborted) return { ending: "hidden", frames: 0 };
    if (signal.aborted || !isPassing(error)) throw error;
    return { ending: "cut", frames: 0 };
  } finally {
    clearTimeout(settled);
    forget();
    // One that has said all ends by itself.
    if (!isOver) line.abort();
  }
}

/** An end without `[DONE]` is a cut, whatever the transport says. Raises: the signal's reason. */
async function readBody(
  response: Response,
  { dispatch }: AnswerSource,
  signal: AbortSignal,
): Promise<Reading> {
  let frames = 0;
  let ending: Ending = "cut";
  if (!response.body) return { ending, frames };
  try {
    const limits = { silenceMs: STREAM_SILENCE_MS, signal, last: DONE };
    for await (const frame of readFrames(response.body, limits)) {
      signal.throwIfAborted();
      if (frame.data === DONE) return { ending: "done", frames };
      frames += 1;
      const event = parseChatEvent(frame.data);
      if (event?.type === "data-notice" && event.code === CROWDED) ending = "crowded";
      else if (event) dispatch(event, frame.id);
    }
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
  }
  signal.throwIfAborted();
  return { ending, frames };
}
