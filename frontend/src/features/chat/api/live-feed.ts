import { LIVE_BACKOFF_MS, STREAM_OPEN_TIMEOUT_MS, STREAM_SILENCE_MS } from "@/config/limits";
import { API } from "@/config/paths";
import { type LiveEvent, parseLiveEvent } from "@/features/chat/state/live-feed";
import { openResponse } from "@/lib/api-client";
import { ApiProblem, ConnectionLost } from "@/lib/errors";
import { readFrames } from "@/lib/sse";
import { noisy, waitFor } from "@/lib/wait";

interface LiveSource {
  onEvent: (event: LiveEvent) => void;
  /** Its `wake` event ends any wait: for the network, or for the visitor's first prompt. */
  waker: EventTarget;
  signal: AbortSignal;
}

/** Read the live feed until the signal aborts, over as many connections as it takes. */
export async function readLiveFeed({ onEvent, waker, signal }: LiveSource): Promise<void> {
  const until = [[waker, "wake"] as const, [window, "online"] as const];
  for (let failures = 0; !signal.aborted; failures += 1) {
    const { isUnknown, frames } = await readOnce({ onEvent, waker, signal });
    if (signal.aborted) return;
    if (frames > 0) failures = 0;
    onEvent({ type: "lost" });
    const pauseMs = LIVE_BACKOFF_MS[Math.min(failures, LIVE_BACKOFF_MS.length - 1)] ?? 0;
    const wait = isUnknown ? { until, signal } : { ms: noisy(pauseMs), until, signal };
    await waitFor(wait).catch(() => undefined);
  }
}

/** One connection; `isUnknown` when the visitor has no user yet, so that there is nothing to tell. */
async function readOnce({ onEvent, signal }: LiveSource): Promise<{ isUnknown: boolean; frames: number }> {
  let frames = 0;
  try {
    const response = await openResponse(API.live, {
      headers: { Accept: "text/event-stream" },
      signal,
      timeoutMs: STREAM_OPEN_TIMEOUT_MS,
    });
    if (response.status === 204 || !response.body) return { isUnknown: true, frames };
    for await (const { data } of readFrames(response.body, { silenceMs: STREAM_SILENCE_MS, signal })) {
      frames += 1;
      const event = parseLiveEvent(data);
      if (event) onEvent(event);
    }
  } catch (error) {
    // A line or a gateway that is away: the next connection begins with the present state.
    if (!signal.aborted && !(error instanceof ConnectionLost || error instanceof ApiProblem)) throw error;
  }
  return { isUnknown: false, frames };
}
