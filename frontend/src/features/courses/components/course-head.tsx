import { Ellipsis, MessageSquareText, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Notice } from "@/components/ui/notice";
import { useDeleteCourse } from "@/features/courses/api/courses";
import { CourseDialog } from "@/features/courses/components/course-dialog";
import styles from "@/features/courses/components/courses.module.css";
import { daysUntil } from "@/features/courses/state/days-until";
import { useErrorText } from "@/hooks/use-error-text";
import { useLanguage, useT } from "@/i18n/language";
import type { Course } from "@/types/wire";

interface CourseHeadProps {
  course: Course;
  onAsk: () => void;
  onDeleted: () => void;
}

/** What a course is: its exam, how much is in it, and what to do with it. */
export function CourseHead({ course, onAsk, onDeleted }: CourseHeadProps) {
  const t = useT();
  const errorText = useErrorText();
  const remove = useDeleteCourse();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const close = () => setOpen(null);
  return (
    <section className={styles.head} aria-label={course.name}>
      <div className={styles.about}>
        <h2 className={styles.name}>{course.name}</h2>
        <CourseFacts course={course} />
      </div>
      <div className={styles.actions}>
        <Button icon={<MessageSquareText aria-hidden />} onClick={onAsk}>
          {t("courses.ask")}
        </Button>
        <Menu
          trigger={
            <IconButton label={t("list.actions", { title: course.name })} icon={<Ellipsis aria-hidden />} />
          }
        >
          <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setOpen("edit")}>
            {t("courses.edit")}
          </MenuItem>
          <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onSelect={() => setOpen("delete")}>
            {t("list.delete")}
          </MenuItem>
        </Menu>
      </div>
      {remove.isError && <Notice tone="danger">{errorText(remove.error)}</Notice>}
      {open === "edit" && <CourseDialog course={course} onSaved={close} onClose={close} />}
      {open === "delete" && (
        <ConfirmDialog
          title={t("courses.deleteTitle")}
          text={t("courses.deleteText", { name: course.name })}
          confirmLabel={t("list.delete")}
          cancelLabel={t("common.cancel")}
          onCancel={close}
          onConfirm={() => {
            close();
            remove.mutate(course.id, { onSuccess: onDeleted });
          }}
        />
      )}
    </section>
  );
}

function CourseFacts({ course }: { course: Course }) {
  const t = useT();
  const examText = useExamText();
  const facts = [
    ...(course.exam_on ? [examText(course.exam_on)] : []),
    t("courses.files", { n: course.documents }),
    t("courses.chats", { n: course.conversations }),
  ];
  return <p className={styles.facts}>{facts.join(" · ")}</p>;
}

/** "Exam on 12 May, in 9 days". */
function useExamText(): (day: string) => string {
  const t = useT();
  const language = useLanguage();
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return (day) => {
    const days = daysUntil(day, new Date());
    const text = t("courses.exam", { date: date.format(new Date(day)) });
    return days < 0 ? text : `${text}, ${relative.format(days, "day")}`;
  };
}
