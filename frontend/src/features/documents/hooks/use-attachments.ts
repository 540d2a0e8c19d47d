import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { KEYS } from "@/features/documents/api/query-keys";
import { checkFile } from "@/features/documents/check-file";
import { setAttached, useChatUploads } from "@/features/documents/hooks/use-uploads";
import { readAttached } from "@/features/documents/state/attached";
import type { Upload } from "@/features/documents/state/uploads";
import type { AttachedFile } from "@/features/documents/types";
import { useLanguage, useT } from "@/i18n/language";
import { ApiProblem } from "@/lib/errors";
import { formatBytes } from "@/lib/format-bytes";
import type { Limits, StudyDocument } from "@/types/wire";

export interface Attachments {
  /** Those that the gateway has. */
  files: AttachedFile[];
  /** Those on their way, and those that did not arrive. */
  uploads: Upload[];
  /** Sentences on files that were not taken. */
  refusals: string[];
  add: (files: Iterable<File>) => void;
  remove: (id: string) => void;
  retry: (id: string) => void;
  /** The files that can go with the question now: not those of which nothing can be read. */
  toSend: () => AttachedFile[];
  /** The gateway has these with their question, in this conversation: the others go on in its draft. */
  confirm: (ids: string[], inConversation: string | null) => void;
}

/** The files that go with the next prompt of a conversation; each is sent as soon as it is added. */
export function useAttachments(conversationId: string | null, limits: Limits): Attachments {
  const client = useQueryClient();
  const uploads = useChatUploads(conversationId);
  const files = useAttached(conversationId);
  const [refusals, setRefusals] = useState<string[]>([]);
  const check = useFileCheck(limits);
  const keep = (next: AttachedFile[]) => setAttached(client, conversationId, next);
  return {
    files,
    uploads: uploads.items,
    refusals,
    add: (added) => {
      const { taken, refused } = check([...added], files.length + uploads.items.length);
      setRefusals(refused);
      uploads.add(taken);
    },
    remove: (id) => {
      uploads.remove(id);
      keep(readAttached(conversationId).filter((file) => file.id !== id));
      setRefusals([]);
    },
    retry: uploads.retry,
    toSend: () => files.filter(({ id }) => isReadable(client, id)),
    confirm: (ids, inConversation) => {
      const rest = readAttached(conversationId).filter((file) => !ids.includes(file.id));
      keep([]);
      setAttached(client, inConversation, rest);
      setRefusals([]);
    },
  };
}

function useAttached(conversationId: string | null): AttachedFile[] {
  const read = () => readAttached(conversationId);
  return useQuery({
    queryKey: KEYS.attached(conversationId),
    queryFn: read,
    initialData: read,
    staleTime: Number.POSITIVE_INFINITY,
    // The storage is here without a network.
    networkMode: "always",
  }).data;
}

/** Whether a file may say anything: not if reading it failed, or it was deleted meanwhile. */
function isReadable(client: QueryClient, id: string): boolean {
  const state = client.getQueryState<StudyDocument>(KEYS.one(id));
  const isGone = state?.error instanceof ApiProblem && state.error.problem.status === 404;
  return state?.data?.state !== "failed" && !isGone;
}

/** Parts files into those that may go, beside `present` others, and sentences on those that may not. */
function useFileCheck(limits: Limits) {
  const refusalOf = useRefusalText(limits);
  const t = useT();
  return (files: File[], present: number): { taken: File[]; refused: string[] } => {
    const room = Math.max(0, limits.upload_max_files - present);
    const good = files.filter((file) => refusalOf(file) === null);
    const tooMany = good.length > room ? [t("files.tooMany", { n: limits.upload_max_files })] : [];
    return {
      taken: good.slice(0, room),
      refused: [...files.flatMap((file) => refusalOf(file) ?? []), ...tooMany],
    };
  };
}

/** The sentence on a file that is refused before it is sent; null for one that may go. */
export function useRefusalText(limits: Limits): (file: File) => string | null {
  const t = useT();
  const language = useLanguage();
  return (file) => {
    const reason = checkFile(file, limits);
    const max = formatBytes(limits.upload_max_bytes, language);
    return reason && t(`files.${reason}`, { name: file.name, max });
  };
}
