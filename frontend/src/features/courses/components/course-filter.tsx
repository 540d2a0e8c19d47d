import { ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuChoice } from "@/components/ui/menu";
import { useCourses } from "@/features/courses/api/courses";
import styles from "@/features/courses/components/courses.module.css";
import { useT } from "@/i18n/language";

interface CourseFilterProps {
  courseId: string | null;
  onChange: (courseId: string | null) => void;
}

/** Of which course the conversations are listed; nothing to show while there are no courses. */
export function CourseFilter({ courseId, onChange }: CourseFilterProps) {
  const t = useT();
  const courses = useCourses().data ?? [];
  if (courses.length === 0) return null;
  const name = courses.find(({ id }) => id === courseId)?.name ?? t("courses.all");
  return (
    <Menu
      align="start"
      trigger={
        <Button tone="quiet" className={styles.filter ?? ""} aria-label={t("courses.listed", { name })}>
          <span className={styles.filterName}>{name}</span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuChoice
        label={t("courses.show")}
        value={courseId ?? ""}
        options={[
          { value: "", label: t("courses.all") },
          ...courses.map((course) => ({ value: course.id, label: course.name })),
        ]}
        onChange={(value) => onChange(value || null)}
      />
    </Menu>
  );
}
