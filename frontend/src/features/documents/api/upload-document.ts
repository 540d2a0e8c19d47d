import { UPLOAD_TIMEOUT_MS } from "@/config/limits";
import { API } from "@/config/paths";
import type { DocumentList } from "@/features/documents/types";
import { send } from "@/lib/api-client";
import { postForm } from "@/lib/upload";
import type { StudyDocument } from "@/types/wire";

interface UploadOptions {
  courseId: string | null;
  signal: AbortSignal;
  /** Told the share of the file that has left, in [0, 1]. */
  onProgress: (share: number) => void;
}

/**
 * Store one file; it is read after that. The same content again gives the file that is there.
 *
 * Raises: ApiProblem, ConnectionLost, AbortError.
 */
export async function uploadDocument(
  file: File,
  { courseId, signal, onProgress }: UploadOptions,
): Promise<StudyDocument> {
  const form = new FormData();
  if (courseId) form.append("course_id", courseId);
  form.append("file", file, file.name);
  const response = await send(
    (token, open) =>
      postForm(API.documents, {
        form,
        headers: { Accept: "application/json", "X-CSRFToken": token },
        signal: open,
        onProgress,
      }),
    { method: "POST", signal, timeoutMs: UPLOAD_TIMEOUT_MS },
  );
  const [document] = ((await response.json()) as Pick<DocumentList, "items">).items;
  if (!document) throw new Error("The gateway stored a file and does not say which.");
  return document;
}
