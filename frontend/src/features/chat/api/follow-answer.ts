import { STREAM_OPEN_TIMEOUT_MS } from "@/config/limits";
import { API } from "@/config/paths";
import { READER_HEADERS } from "@/features/chat/api/reader";
import { openResponse } from "@/lib/api-client";

/** Open the running (or just ended) answer from its first frame; null when there is none. */
export async function followAnswer(conversationId: string, signal: AbortSignal): Promise<Response | null> {
  const response = await openResponse(API.follow(conversationId), {
    headers: READER_HEADERS,
    signal,
    timeoutMs: STREAM_OPEN_TIMEOUT_MS,
  });
  return response.status === 204 ? null : response;
}
