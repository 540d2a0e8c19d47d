import { Plus } from "lucide-react";
import { useState } from "react";
import { Menu, MenuChoice, MenuItem } from "@/components/ui/menu";
import type { MenuProps } from "@/components/ui/opened-menu";
import { useCourses } from "@/features/courses/api/courses";
import { CourseDialog } from "@/features/courses/components/course-dialog";
import { useT } from "@/i18n/language";

interface CourseMenuProps {
  trigger: MenuProps["trigger"];
  side?: "top" | "bottom";
  align?: "start" | "end";
  label: string;
  /** What it is called when none is chosen. */
  noneLabel: string;
  courseId: string | null;
  onChange: (courseId: string | null) => void;
}

/** One of the courses, none, or a new one. */
export function CourseMenu({ label, noneLabel, courseId, onChange, ...menu }: CourseMenuProps) {
  const t = useT();
  const courses = useCourses().data ?? [];
  const [isMaking, setMaking] = useState(false);
  return (
    <>
      <Menu {...menu}>
        <MenuChoice
          label={label}
          value={courseId ?? ""}
          options={[
            { value: "", label: noneLabel },
            ...courses.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(value) => onChange(value || null)}
        />
        <MenuItem icon={<Plus aria-hidden />} onSelect={() => setMaking(true)}>
          {t("courses.new")}
        </MenuItem>
      </Menu>
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
    </>
  );
}
