import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { KEYS } from "@/features/documents/api/query-keys";
import { readAttached, writeAttached } from "@/features/documents/state/attached";
import { applyDocument } from "@/features/documents/state/document-cache";
import { type Upload, Uploads } from "@/features/documents/state/uploads";
import type { AttachedFile } from "@/features/documents/types";
import type { StudyDocument } from "@/types/wire";

const LIBRARY = "library";
const CHAT = "chat:";

const UploadsContext = createContext<Uploads | null>(null);

interface UploadsProviderProps {
  /** Who is signed in; when they leave, what was on its way for them is taken back. */
  accountId: string | null;
  /** A first file makes a visitor a guest, and its course has one more. */
  onStored: (document: StudyDocument) => void;
  children: ReactNode;
}

/** Keeps files on their way while one goes from page to page. */
export function UploadsProvider({ accountId, onStored, children }: UploadsProviderProps) {
  const client = useQueryClient();
  const told = useRef(onStored);
  useEffect(() => {
    told.current = onStored;
  }, [onStored]);
  const [uploads] = useState(
    () =>
      new Uploads((upload, document) => {
        applyDocument(client, document);
        if (upload.place.startsWith(CHAT)) attachTo(client, conversationOf(upload.place), document);
        told.current(document);
      }),
  );
  useEffect(() => () => uploads.clear(), [uploads]);
  useEffect(() => (accountId ? () => uploads.clear() : undefined), [uploads, accountId]);
  useWarningBeforeLoss(uploads);
  return <UploadsContext value={uploads}>{children}</UploadsContext>;
}

/** A reload loses what has not left yet: the browser asks before it. */
function useWarningBeforeLoss(uploads: Uploads): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (uploads.snapshot().length > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [uploads]);
}

export interface PlaceUploads {
  items: Upload[];
  add: (files: File[], courseId?: string | null) => void;
  retry: (id: string) => void;
  remove: (id: string) => void;
}

/** Files on their way to the library. */
export function useLibraryUploads(): PlaceUploads {
  return usePlaceUploads(LIBRARY);
}

/** Files on their way to the draft of a conversation, where they are attached once they are stored. */
export function useChatUploads(conversationId: string | null): PlaceUploads {
  return usePlaceUploads(`${CHAT}${conversationId ?? ""}`);
}

function usePlaceUploads(place: string): PlaceUploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error("Uploads need their provider.");
  const all = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  return useMemo(
    () => ({
      items: all.filter((item) => item.place === place),
      add: (files, courseId = null) => uploads.add({ files, place, courseId }),
      retry: (id) => uploads.retry(id),
      remove: (id) => uploads.remove(id),
    }),
    [all, place, uploads],
  );
}

function conversationOf(place: string): string | null {
  return place.slice(CHAT.length) || null;
}

/** Attaches a stored file to the draft of a conversation, null being the next new one. */
export function useAttach(): (conversationId: string | null, document: StudyDocument) => void {
  const client = useQueryClient();
  return (conversationId, document) => attachTo(client, conversationId, document);
}

function attachTo(client: QueryClient, conversationId: string | null, document: StudyDocument): void {
  const { id, filename, media_type: mediaType } = document;
  const others = readAttached(conversationId).filter((file) => file.id !== id);
  setAttached(client, conversationId, [...others, { id, filename, mediaType }]);
}

/** The files that go with the draft of a conversation from now on. */
export function setAttached(client: QueryClient, conversationId: string | null, files: AttachedFile[]): void {
  writeAttached(conversationId, files);
  client.setQueryData(KEYS.attached(conversationId), files);
}
