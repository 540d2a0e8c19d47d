import { STREAM_OPEN_TIMEOUT_MS, UPLOAD_TIMEOUT_MS } from "@/config/limits";
import { API } from "@/config/paths";
import { READER_HEADERS } from "@/features/chat/api/reader";
import type { Prompt } from "@/features/chat/types";
import { openResponse, send } from "@/lib/api-client";
import { postForm } from "@/lib/upload";

/**
 * Send a prompt and open the stream of its answer.
 *
 * Raises: ApiProblem, ConnectionLost, AbortError. Repeating it with the same `clientMessageId` makes no second copy.
 */
export function sendMessage(
  prompt: Prompt,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<Response> {
  const files = filesOf(prompt);
  if (files.length > 0) return sendFiles(fieldsOf(prompt), files, { signal, onProgress });
  return openResponse(API.stream, {
    method: "POST",
    body: fieldsOf(prompt),
    headers: READER_HEADERS,
    signal,
    timeoutMs: STREAM_OPEN_TIMEOUT_MS,
  });
}

export function filesOf(prompt: Prompt): File[] {
  return prompt.trigger === "submit" ? prompt.files : [];
}

function sendFiles(
  fields: Record<string, string>,
  files: File[],
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("file", file, file.name);
  return send(
    (token, open) =>
      postForm(API.file, {
        form,
        headers: { ...READER_HEADERS, "X-CSRFToken": token },
        signal: open,
        onProgress,
      }),
    { method: "POST", signal, timeoutMs: UPLOAD_TIMEOUT_MS },
  );
}

function fieldsOf(prompt: Prompt): Record<string, string> {
  const conversation = prompt.conversationId ? { conversation_id: prompt.conversationId } : {};
  const common = { ...conversation, ...(prompt.choice ?? {}) };
  if (prompt.trigger === "regenerate") {
    return { trigger: prompt.trigger, parent_id: prompt.answerId, ...common };
  }
  const parent = prompt.parentId ? { parent_id: prompt.parentId } : {};
  return { message: prompt.text, client_message_id: prompt.clientMessageId, ...parent, ...common };
}
