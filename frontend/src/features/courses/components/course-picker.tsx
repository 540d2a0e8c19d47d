import { ChevronDown, GraduationCap } from "lucide-react";
import { Button } from "@/components/ui/button";
import { useCourses } from "@/features/courses/api/courses";
import { CourseMenu } from "@/features/courses/components/course-menu";
import styles from "@/features/courses/components/courses.module.css";
import { useT } from "@/i18n/language";

interface CoursePickerProps {
  side?: "top" | "bottom";
  align?: "start" | "end";
  /** There is no room for its name. */
  isCompact?: boolean;
  courseId: string | null;
  onChange: (courseId: string | null) => void;
}

/** The course that a conversation asks within; nothing to show while there are no courses. */
export function CoursePicker(props: CoursePickerProps) {
  const { courseId, onChange, isCompact = false, side = "top", align = "start" } = props;
  const t = useT();
  const courses = useCourses().data ?? [];
  if (courses.length === 0) return null;
  const name = courses.find(({ id }) => id === courseId)?.name ?? null;
  return (
    <CourseMenu
      side={side}
      align={align}
      label={t("courses.askWithin")}
      noneLabel={t("courses.none")}
      courseId={courseId}
      onChange={onChange}
      trigger={
        <Button
          tone="quiet"
          className={styles.picker ?? ""}
          aria-label={name ? t("courses.within", { name }) : t("courses.choose")}
          title={name ?? t("courses.choose")}
        >
          <GraduationCap aria-hidden className={name ? styles.chosen : undefined} />
          {name && !isCompact && (
            <>
              <span className={styles.pickerName}>{name}</span>
              <ChevronDown aria-hidden />
            </>
          )}
        </Button>
      }
    />
  );
}
