import type { RefObject } from "react";
import type { Chat } from "@/app/use-chat";
import { useCourses } from "@/features/courses/api/courses";
import { useT } from "@/i18n/language";

/** What the student fills in. */
const BLANK = "…";

interface Suggestions {
  texts: string[];
  /** Puts one into the composer, with what is to be filled in selected. */
  take: (text: string) => void;
}

/** Questions to begin with: about the files beside the composer, about the course, or about anything. */
export function useSuggestions(
  { draft, attachments, course }: Chat,
  field: RefObject<HTMLTextAreaElement | null>,
): Suggestions {
  const t = useT();
  const name = useCourses().data?.find(({ id }) => id === course.courseId)?.name;
  const hasFiles = attachments.files.length + attachments.uploads.length > 0;
  const texts = suggestionsFor(t, hasFiles, name ?? null);
  return {
    texts,
    take: (text) => {
      const typed = draft.text.trim();
      const isKept = typed !== "" && !texts.includes(typed);
      draft.setText(isKept ? `${draft.text}\n${text}` : text);
      requestAnimationFrame(() => selectBlank(field.current));
    },
  };
}

function suggestionsFor(t: ReturnType<typeof useT>, hasFiles: boolean, course: string | null): string[] {
  if (hasFiles) {
    return [
      t("chat.suggest.file.explain"),
      t("chat.suggest.file.quiz"),
      t("chat.suggest.file.exam"),
      t("chat.suggest.file.hard"),
    ];
  }
  if (course !== null) {
    const name = { name: course };
    return [
      t("chat.suggest.course.quiz", name),
      t("chat.suggest.course.explain", name),
      t("chat.suggest.course.exam", name),
      t("chat.suggest.course.where", name),
    ];
  }
  return [t("chat.suggest.explain"), t("chat.suggest.quiz"), t("chat.suggest.check"), t("chat.suggest.plan")];
}

function selectBlank(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  const blank = field.value.indexOf(BLANK, field.value.lastIndexOf("\n") + 1);
  field.focus();
  if (blank < 0) field.setSelectionRange(field.value.length, field.value.length);
  else field.setSelectionRange(blank, blank + BLANK.length);
}
