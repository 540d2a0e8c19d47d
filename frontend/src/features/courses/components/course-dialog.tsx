import { type FormEvent, useId } from "react";
import { Button } from "@/components/ui/button";
import dialog from "@/components/ui/dialog.module.css";
import { Modal } from "@/components/ui/modal";
import { Notice } from "@/components/ui/notice";
import { COURSE_NAME_MAX_CHARS } from "@/config/limits";
import { useSaveCourse } from "@/features/courses/api/courses";
import styles from "@/features/courses/components/courses.module.css";
import { useErrorText } from "@/hooks/use-error-text";
import { useT } from "@/i18n/language";
import type { Course } from "@/types/wire";

interface CourseDialogProps {
  /** The course to change; null for a new one. */
  course: Course | null;
  onSaved: (course: Course) => void;
  onClose: () => void;
}

/** A course's name and the day of its exam. */
export function CourseDialog({ course, onSaved, onClose }: CourseDialogProps) {
  const t = useT();
  const errorText = useErrorText();
  const id = useId();
  const save = useSaveCourse();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = String(fields.get("name")).trim();
    const examOn = String(fields.get("exam_on")) || null;
    if (!name || save.isPending) return;
    save.mutate({ id: course?.id ?? null, name, exam_on: examOn }, { onSuccess: onSaved });
  };
  return (
    <Modal className={dialog.dialog} labelledBy={`${id}-title`} onClose={onClose}>
      <form className={dialog.content} onSubmit={onSubmit}>
        <h2 id={`${id}-title`}>{t(course ? "courses.edit" : "courses.new")}</h2>
        <label className={styles.field}>
          {t("courses.name")}
          <input
            name="name"
            required
            maxLength={COURSE_NAME_MAX_CHARS}
            defaultValue={course?.name}
            autoComplete="off"
            ref={(field) => field?.focus()}
          />
        </label>
        <label className={styles.field}>
          {t("courses.examOn")}
          <input name="exam_on" type="date" defaultValue={course?.exam_on ?? ""} />
        </label>
        {save.isError && <Notice tone="danger">{errorText(save.error)}</Notice>}
        <div className={dialog.actions}>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" tone="primary" aria-disabled={save.isPending}>
            {t(course ? "common.save" : "courses.create")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
