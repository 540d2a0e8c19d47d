import { STREAM_OPEN_TIMEOUT_MS } from "@/config/limits";
import { API } from "@/config/paths";
import { READER_HEADERS } from "@/features/chat/api/reader";
import { openResponse } from "@/lib/api-client";

/** The last frame that was applied, and of which answer: what comes after it is asked for. */
export interface Place {
  lastEventId: string;
  generationId: string;
}

/**
 * Open the running (or just ended) answer of a conversation; null when there is none.
 *
 * It begins after `place`, or with a `start` where the gateway has to tell it anew.
 */
export async function followAnswer(
  conversationId: string,
  { place, signal }: { place: Place | null; signal: AbortSignal },
): Promise<Response | null> {
  const path = API.follow(conversationId);
  // Event ids count within one answer: the gateway must know which one they are of.
  const response = await openResponse(place ? `${path}?generation_id=${place.generationId}` : path, {
    headers: place ? { ...READER_HEADERS, "Last-Event-ID": place.lastEventId } : READER_HEADERS,
    signal,
    timeoutMs: STREAM_OPEN_TIMEOUT_MS,
  });
  return response.status === 204 ? null : response;
}
