import { useState } from "react";
import { checkFile } from "@/features/documents/check-file";
import { useLanguage, useT } from "@/i18n/language";
import { formatBytes } from "@/lib/format-bytes";
import { uuid } from "@/lib/uuid";
import type { Limits } from "@/types/wire";

export interface Attachment {
  id: string;
  file: File;
}

export interface Attachments {
  items: Attachment[];
  /** Sentences on files that were not taken. */
  refusals: string[];
  add: (files: Iterable<File>) => void;
  remove: (id: string) => void;
  clear: () => void;
}

/** The files that go with the next prompt. */
export function useAttachments(limits: Limits): Attachments {
  const t = useT();
  const language = useLanguage();
  const [items, setItems] = useState<Attachment[]>([]);
  const [refusals, setRefusals] = useState<string[]>([]);

  const refusalOf = (file: File): string | null => {
    const reason = checkFile(file, limits);
    if (!reason) return null;
    return t(`files.${reason}`, { name: file.name, max: formatBytes(limits.upload_max_bytes, language) });
  };

  const add = (files: Iterable<File>) => {
    const checked = [...files].map((file) => ({ file, refusal: refusalOf(file) }));
    const taken = checked.flatMap(({ file, refusal }) => (refusal ? [] : [{ id: uuid(), file }]));
    const all = [...items, ...taken];
    const tooMany =
      all.length > limits.upload_max_files ? [t("files.tooMany", { n: limits.upload_max_files })] : [];
    setItems(all.slice(0, limits.upload_max_files));
    setRefusals([...checked.flatMap(({ refusal }) => refusal ?? []), ...tooMany]);
  };

  return {
    items,
    refusals,
    add,
    remove: (id) => {
      setItems(items.filter((item) => item.id !== id));
      setRefusals([]);
    },
    clear: () => {
      setItems([]);
      setRefusals([]);
    },
  };
}
