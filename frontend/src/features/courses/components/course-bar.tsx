import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useCourses } from "@/features/courses/api/courses";
import { CourseDialog } from "@/features/courses/components/course-dialog";
import styles from "@/features/courses/components/courses.module.css";
import { useT } from "@/i18n/language";

interface CourseBarProps {
  courseId: string | null;
  onChange: (courseId: string | null) => void;
}

/** All courses in a row, one of them chosen or none, and a new one. */
export function CourseBar({ courseId, onChange }: CourseBarProps) {
  const t = useT();
  const courses = useCourses().data ?? [];
  const [isMaking, setMaking] = useState(false);
  const choice = (id: string | null, name: string) => (
    <button
      key={id}
      type="button"
      className={styles.chip}
      aria-pressed={courseId === id}
      onClick={() => onChange(id)}
    >
      {name}
    </button>
  );
  return (
    <fieldset className={styles.bar} aria-label={t("courses.title")}>
      {courses.length > 0 && choice(null, t("courses.allFiles"))}
      {courses.map(({ id, name }) => choice(id, name))}
      <Button
        tone="quiet"
        className={styles.newCourse ?? ""}
        icon={<Plus aria-hidden />}
        onClick={() => setMaking(true)}
      >
        {t("courses.new")}
      </Button>
      {isMaking && (
        <CourseDialog
          course={null}
          onClose={() => setMaking(false)}
          onSaved={({ id }) => {
            setMaking(false);
            onChange(id);
          }}
        />
      )}
    </fieldset>
  );
}
