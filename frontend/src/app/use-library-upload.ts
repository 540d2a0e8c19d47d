import { useState } from "react";
import { useLimits } from "@/features/accounts/api/get-session";
import { useRefusalText } from "@/features/documents/hooks/use-attachments";
import { type PlaceUploads, useLibraryUploads } from "@/features/documents/hooks/use-uploads";

interface LibraryUpload {
  uploads: PlaceUploads;
  /** Sentences on files that were not taken. */
  refusals: string[];
  add: (files: File[]) => void;
}

/** Files for the library, or one of its courses; what cannot be read is refused before it is sent. */
export function useLibraryUpload(courseId: string | null): LibraryUpload {
  const refusalOf = useRefusalText(useLimits());
  const uploads = useLibraryUploads();
  const [refusals, setRefusals] = useState<string[]>([]);
  return {
    uploads,
    refusals,
    add: (files) => {
      setRefusals(files.flatMap((file) => refusalOf(file) ?? []));
      uploads.add(
        files.filter((file) => refusalOf(file) === null),
        courseId,
      );
    },
  };
}
