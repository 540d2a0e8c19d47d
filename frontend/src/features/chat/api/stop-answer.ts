import { API } from "@/config/paths";
import { requestJson } from "@/lib/api-client";

/** Stop the running answer; what was written is saved. Doing it twice does no harm. */
export function stopAnswer(conversationId: string): Promise<void> {
  return requestJson<void>(API.stop(conversationId), { method: "POST", body: {} });
}
