import { FOLLOW_BACKOFF_MS, STREAM_SILENCE_MS } from "@/config/limits";
import { DONE, parseChatEvent } from "@/features/chat/state/parse-event";
import type { ChatEvent, LineEvent } from "@/features/chat/types";
import { ConnectionLost } from "@/lib/errors";
import { readFrames } from "@/lib/sse";

export interface AnswerSource {
  first: Response | null;
  /** Whether the answer is known by name yet; a line that breaks before that is the sender's to repeat. */
  canFollow: () => boolean;
  /** Opens the running answer from its first frame; null when there is none any more. */
  follow: (signal: AbortSignal) => Promise<Response | null>;
  dispatch: (event: ChatEvent | LineEvent) => void;
  signal: AbortSignal;
}

/**
 * Read an answer to its end, over as many connections as it takes.
 *
 * Resolves at `[DONE]`, or when the server no longer knows the answer (it ended long ago: fetch the conversation).
 * Raises: ConnectionLost when the line stays dead, ApiProblem when following is refused, AbortError.
 */
export async function readAnswer({
  first,
  canFollow,
  follow,
  dispatch,
  signal,
}: AnswerSource): Promise<void> {
  let response = first;
  for (let failures = 0; ; ) {
    try {
      response ??= await follow(signal);
      if (response === null) return;
      const { isDone, frames } = await readOnce(response, dispatch, signal);
      if (isDone) return;
      if (frames > 0) failures = 0;
    } catch (error) {
      if (signal.aborted || !(error instanceof ConnectionLost)) throw error;
    }
    if (!canFollow()) throw new ConnectionLost();
    response = null;
    dispatch({ type: "line-cut" });
    const pauseMs = FOLLOW_BACKOFF_MS[failures++];
    if (pauseMs === undefined) throw new ConnectionLost();
    await pause(pauseMs, signal);
  }
}

/** Read one connection; an end without `[DONE]` is a cut, whatever the transport says. */
async function readOnce(response: Response, dispatch: AnswerSource["dispatch"], signal: AbortSignal) {
  let frames = 0;
  if (!response.body) return { isDone: false, frames };
  try {
    for await (const frame of readFrames(response.body, { silenceMs: STREAM_SILENCE_MS })) {
      signal.throwIfAborted();
      if (frame.data === DONE) return { isDone: true, frames };
      frames += 1;
      const event = parseChatEvent(frame.data);
      if (event) dispatch(event);
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof ConnectionLost)) throw error;
  }
  return { isDone: false, frames };
}

/** Wait, but no longer than until the network is back or the reader has left. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    // A little noise, so that a restarted gateway is not met by everybody at once.
    const timer = setTimeout(end, ms * (0.75 + Math.random() / 2));
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}
